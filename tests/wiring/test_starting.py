import pytest

from morina.engines import EngineError
from morina.settings import Desk, Node, Push, Retention, RetentionGroup, Settings
from morina.wiring.starting import refuse_plain_http, refuse_unanswered

ANSWERED = Node(owner="Border police", policy="Police Act 12")


def test_a_node_starts_where_somebody_answers_for_what_it_keeps() -> None:
    group = RetentionGroup(cameras=("gate",), owner="Unit 4", policy="Order 4", days=30)
    refuse_unanswered(Settings(node=ANSWERED, retention=Retention(groups={"gate": group})))


@pytest.mark.parametrize("lacking", ["owner", "policy"])
def test_a_node_does_not_start_without_owner_and_policy(lacking: str) -> None:
    node = ANSWERED.model_copy(update={lacking: " "})
    with pytest.raises(EngineError, match=rf"node\.{lacking} is not set.*MORINA_NODE__"):
        refuse_unanswered(Settings(node=node))


@pytest.mark.parametrize(
    ("lacking", "said"), [("owner", "owner"), ("policy", "policy"), ("days", "days")]
)
def test_a_group_of_cameras_is_not_followed_without(lacking: str, said: str) -> None:
    whole = {"cameras": ("gate",), "owner": "Unit 4", "policy": "Order 4", "days": 30}
    group = RetentionGroup(**{name: value for name, value in whole.items() if name != lacking})  # type: ignore[arg-type]  # a mapping of its fields
    settings = Settings(node=ANSWERED, retention=Retention(groups={"gate": group}))
    with pytest.raises(EngineError, match=rf"retention\.groups\.gate lacks {said}"):
        refuse_unanswered(settings)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "desk.example"])  # noqa: S104
def test_plain_http_is_not_served_beyond_this_machine(host: str) -> None:
    with pytest.raises(EngineError, match=r"desk\.host .* desk\.certificate and desk\.key"):
        refuse_plain_http(Settings(desk=Desk(host=host)))


def test_a_proxy_that_serves_tls_must_be_named() -> None:
    desk = Desk(host="0.0.0.0", behind_tls_proxy=True)  # noqa: S104
    with pytest.raises(EngineError, match=r"push\.proxies"):
        refuse_plain_http(Settings(desk=desk))
    refuse_plain_http(Settings(desk=desk, push=Push(proxies=("192.0.2.8",))))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_is_served_plainly(host: str) -> None:
    refuse_plain_http(Settings(desk=Desk(host=host)))
