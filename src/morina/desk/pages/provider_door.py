"""To the OpenID provider and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from secrets import token_urlsafe

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from morina.accountability import SignInRefusedError, User
from morina.accountability.approvals import TRUSTED
from morina.accountability.policy import RefusedRolesError
from morina.accountability.provider import Named, Provider
from morina.accountability.provider import Request as ProviderRequest
from morina.accountability.trail import acts_as
from morina.desk.asked import AskedCookie
from morina.desk.pages.sign_in import Wanted, words_of
from morina.desk.pages.sign_in_markup import Shown, onward_page, password_page
from morina.desk.said import translated
from morina.desk.services import Doors, Services
from morina.desk.sessions import begin, know_again, local_path
from morina.desk.whence import place_of, whence_of

BACK_PATH = "/sign-in/provider/back"


def router(services: Services) -> APIRouter:
    """``/sign-in/provider`` and the way back; nothing where no provider is set."""
    routes = APIRouter(include_in_schema=False)
    doors, provider = services.doors, services.doors.provider
    if provider is None:
        return routes
    cookie = AskedCookie(doors.sealing, "provider", "/sign-in/provider", "lax")

    def refusal(request: Request, refused: SignInRefusedError, wanted: str) -> Response:
        t = words_of(request)
        shown = Shown(wanted=wanted, wrong=translated(str(refused), t),
                      provider=provider.client.shown)  # fmt: skip
        return HTMLResponse(password_page(t, shown), 401)

    @routes.get("/sign-in/provider")
    async def leave(request: Request, wanted: Wanted = "/") -> Response:
        back = place_of(request, doors.address).origin + BACK_PATH
        try:
            leads, asked = await provider.begin(back)
        except SignInRefusedError as refused:
            return refusal(request, refused, local_path(wanted))
        response = RedirectResponse(leads, 303)
        cookie.ask(request, response, asdict(asked) | {"wanted": local_path(wanted)})
        return response

    @routes.get(BACK_PATH)
    async def back(request: Request) -> Response:
        asked = cookie.asked(request) or {}
        wanted = local_path(asked.pop("wanted", "/"))
        try:
            named = await _named(provider, request.query_params, asked)
            user = await _account(doors, provider, named)
            now = datetime.now(UTC)
            beginning = doors.signing.by_provider(user, whence_of(request), now)
            session = await begin(request, beginning)
        except SignInRefusedError as refused:
            return refusal(request, refused, wanted)
        response = HTMLResponse(onward_page(words_of(request), wanted))
        cookie.forget(response)
        await know_again(request, response, session)
        return response

    return routes


async def _named(provider: Provider, answer: Mapping[str, str], asked: dict[str, str]) -> Named:
    if not asked:
        raise SignInRefusedError("that took too long; try again")
    return await provider.named(answer, ProviderRequest(**asked))


async def _account(doors: Doors, provider: Provider, named: Named) -> User:
    """The account of whom the provider named, made or given roles where the settings say so;
    whom two persons gave a role keeps what they have."""
    users = doors.signing.users
    acts_as(f"provider:{provider.client.issuer}")
    try:
        user = await users.user(named.name)
        if user is None and provider.claims.makes_accounts:
            user = User(name=named.name, full_name=named.full_name)
            await users.add(user, token_urlsafe(32))
        if user is None:
            raise SignInRefusedError("you have no account here; ask an administrator for one")
        given = user.roles if named.roles is None or TRUSTED & user.roles else named.roles
        if given != user.roles:
            user = await users.give_roles(user.name, given)
    except (RefusedRolesError, ValueError, LookupError) as error:
        raise SignInRefusedError(f"the provider names an account that cannot be: {error}") from None
    return user
