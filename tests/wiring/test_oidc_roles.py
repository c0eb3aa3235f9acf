"""The OpenID provider as settings name it."""

import pytest

from morina.engines import EngineError
from morina.settings import Oidc, Settings
from morina.wiring.provider import provider_of


def settings_with(role: str) -> Settings:
    oidc = Oidc(
        issuer="https://login.example", client_id="morina", roles_claim="groups",
        roles={"border": role},
    )  # fmt: skip
    return Settings(oidc=oidc)


@pytest.mark.parametrize("role", ["administrator", "data_protection_officer"])
def test_a_node_does_not_start_where_the_provider_would_give_what_two_persons_give(
    role: str,
) -> None:
    with pytest.raises(EngineError, match=rf"oidc\.roles: border would give {role}.*take it out"):
        provider_of(settings_with(role))


def test_other_roles_are_mapped_and_unknown_ones_refused() -> None:
    provider = provider_of(settings_with("operator"))
    assert provider and provider.claims.roles == {"border": "operator"}
    with pytest.raises(EngineError, match=r"oidc\.roles: 'king'.*docs/roles\.md"):
        provider_of(settings_with("king"))
