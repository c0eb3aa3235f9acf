"""A real OpenID provider: Django OAuth Toolkit, in a process of its own, on loopback.

``python openid_provider.py FOLDER PORT BACK`` serves until it is ended. It knows one client (PKCE
required) and two people; whoever comes with ``X-Test-User`` is that person there, which stands in
for typing into its sign-in form and for nothing else.
"""

import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

CLIENT, SECRET = "morina-node", "invented client secret"
ROLES = {"ana": ["border-operators"], "mallory": []}
PROVEN = {
    "ana": ("urn:example:two", ["pwd", "otp", "mfa"]),
    "mallory": ("urn:example:one", ["pwd"]),
}
"""Class and methods by which each signs in there."""


def configure(folder: Path, back: str) -> Any:
    """The provider's WSGI application, its database made in ``folder``."""
    import django
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    settings.configure(
        SECRET_KEY="invented",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="openid_provider",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "op.sqlite")}
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "oauth2_provider",
        ],
        MIDDLEWARE=["openid_provider.WhoeverComes"],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem,
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "who you are", "profile": "what you are called"},
            "OAUTH2_VALIDATOR_CLASS": "openid_provider.Validator",
        },
    )
    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    _fill(back)
    return get_wsgi_application()


def _fill(back: str) -> None:
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import get_application_model

    for name in ROLES:
        get_user_model().objects.create_user(name, password="invented", first_name=name.title())
    get_application_model().objects.create(
        client_id=CLIENT, client_secret=SECRET, client_type="confidential",
        authorization_grant_type="authorization-code", redirect_uris=back, algorithm="RS256",
        skip_authorization=True, name="Morina",
    )  # fmt: skip


class WhoeverComes:
    """Signs in by a header, instead of Django's form."""

    def __init__(self, get_response: Any) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> Any:
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import AnonymousUser

        name = request.headers.get("X-Test-User", "")
        known = get_user_model().objects.filter(username=name).first()
        request.user = known or AnonymousUser()
        return self._get_response(request)


def _validator() -> type:
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):  # type: ignore[misc]  # the library has no types
        """Says who somebody is by name and group, as providers of authorities do."""

        oidc_claim_scope = None

        def get_additional_claims(self, request: Any) -> dict[str, Any]:
            name = request.user.username
            return {
                "preferred_username": name, "name": name.title(), "groups": ROLES[name],
                "acr": PROVEN[name][0], "amr": PROVEN[name][1],
            }  # fmt: skip

    return Validator


def __getattr__(name: str) -> Any:
    """What Django asks of this module once it is set up."""
    if name == "Validator":
        return _validator()
    if name == "urlpatterns":
        from django.urls import include, path

        return [path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]
    raise AttributeError(name)


class Quiet(WSGIRequestHandler):
    """Says nothing of each request, and waits for no caller who sends none."""

    timeout = 5

    def log_message(self, *_: Any) -> None: ...


def main() -> None:
    """Serve."""
    folder, port, back = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    sys.modules["openid_provider"] = sys.modules[__name__]
    with make_server("127.0.0.1", port, configure(folder, back), handler_class=Quiet) as server:
        print("ready", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
