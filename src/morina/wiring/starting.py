"""What a node refuses to start with, each by the setting's name and what to write there."""

from ipaddress import ip_address, ip_network

from morina.engines import EngineError
from morina.settings import RetentionGroup, Settings


def refuse_unanswered(settings: Settings) -> None:
    """EngineError unless somebody answers for what is kept: the node's owner and policy, and the
    owner, policy and retention of each group of cameras (Directive (EU) 2016/680, articles 4, 5).
    """
    for name in ("owner", "policy"):
        if not getattr(settings.node, name).strip():
            raise EngineError(
                f"node.{name} is not set; write who answers for what this node keeps and the rule "
                f"it rests on into morina.toml: [node] owner = \"...\" policy = \"...\" "
                f"(MORINA_NODE__{name.upper()})"
            )  # fmt: skip
    for name, group in settings.retention.groups.items():
        if lacks := _lacks(group):
            raise EngineError(
                f"retention.groups.{name} lacks {', '.join(lacks)}; no group of cameras is "
                f"followed without; write it under [retention.groups.{name}]"
            )


def refuse_plain_http(settings: Settings) -> None:
    """EngineError where the desk would be read on the way: plain HTTP beyond this machine."""
    desk = settings.desk
    if desk.certificate or is_loopback(desk.host):
        return
    if not desk.behind_tls_proxy:
        raise EngineError(
            f"desk.host {desk.host} would serve plain HTTP beyond this machine; set "
            "desk.certificate and desk.key (morina certs node makes them), or "
            "desk.behind_tls_proxy = true and your proxy's address in push.proxies, or "
            "desk.host = \"127.0.0.1\""
        )  # fmt: skip
    if all(ip_network(one).is_loopback for one in settings.push.proxies):
        raise EngineError(
            "desk.behind_tls_proxy names no proxy elsewhere; write its address in push.proxies, "
            "or, where it runs on this machine, set desk.host = \"127.0.0.1\""
        )  # fmt: skip


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _lacks(group: RetentionGroup) -> list[str]:
    lacks = [name for name in ("owner", "policy") if not getattr(group, name).strip()]
    return lacks + ([] if group.days or group.match_and_forget else ["days (or match_and_forget)"])
