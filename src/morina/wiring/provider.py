"""The OpenID provider the settings name."""

from urllib.parse import urlsplit

from morina.accountability.adapters.openid import OpenIdProvider
from morina.accountability.policy import Role
from morina.accountability.provider import Claims, Client
from morina.engines import EngineError
from morina.settings import Settings


def provider_of(settings: Settings) -> OpenIdProvider | None:
    """None where there is none; EngineError where its secret or a role cannot be read."""
    oidc = settings.oidc
    if not oidc.issuer:
        return None
    try:
        roles = {group: Role(role) for group, role in oidc.roles.items()}
        claims = Claims(
            oidc.claim, oidc.roles_claim, roles, oidc.makes_accounts, oidc.needs_acr, oidc.needs_amr
        )
        secret = oidc.client_secret_file.read_text().strip() if oidc.client_secret_file else ""
    except ValueError as error:
        raise EngineError(f"oidc.roles: {error}; docs/roles.md lists the roles") from None
    except OSError as error:
        raise EngineError(
            f"oidc.client_secret_file: {error.strerror}; write the secret there, readable by the "
            "node only"
        ) from None
    shown = oidc.name or urlsplit(oidc.issuer).hostname or oidc.issuer
    return OpenIdProvider(Client(oidc.issuer, oidc.client_id, secret, shown), claims)
