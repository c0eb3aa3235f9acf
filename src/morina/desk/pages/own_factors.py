"""One's own second factors: passkeys, one-time codes, recovery codes."""

from collections.abc import Awaitable, Callable, Sequence

import segno
from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from morina.accountability import Action, SignInRefusedError
from morina.accountability.factors import OwnFactors, Passkey, address_of, new_secret
from morina.accountability.own_sessions import OwnSession, Stage
from morina.desk.pages.frame import VERSION
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.passkeys import is_fresh
from morina.desk.said import translated
from morina.desk.words import mark

_ADD = (
    "(e) => { e.preventDefault(); const label = new FormData(e.target).get('label');"
    " if (!passkeys.usable()) { emit({ none: 'none' }); return; }"
    " passkeys.add(label).then((said) => emit(said),"
    " (error) => emit({ failed: error.message })); }"
)
SIGN_IN_AGAIN = "/sign-in?next=/account&why=again"
_ISSUER = "Morina"
REQUIRED = mark(
    "This node asks for a second factor. Add one here; until then nothing else is open to you."
)


def must_be_fresh(visit: Visit, session: OwnSession) -> bool:
    """Whether one may change ways in now; else it shows how to (``passkeys.FRESH``)."""
    if is_fresh(session, now()):
        return True
    t = visit.t
    with tag("p"):
        tag("a", t("Sign in again to change this"), "button", href=SIGN_IN_AGAIN)
    return False


def may_change(visit: Visit, session: OwnSession, on: Element) -> bool:
    """The same when something is pressed, on a page that may have stood open for long."""
    visit.must(Action.OWN_ACCOUNT)
    if not is_fresh(session, now()):
        on.client.open(SIGN_IN_AGAIN)
        return False
    return True


class OwnFactorsPart:
    """What there is, and the forms to add and remove."""

    def __init__(self, visit: Visit, session: OwnSession) -> None:
        self._visit, self._session = visit, session
        self._factors = visit.services.doors.signing.factors
        ui.add_head_html(f'<script src="/static/passkey.js?v={VERSION}"></script>')
        with tag("section", "", "part", aria_labelledby="factors"):
            tag("h2", visit.t("Second factor"), id="factors")
            self._wrong = tag("p", "", "wrong", role="alert")
            self._codes = tag("div", role="status")
            self._part = tag("div", "", "stack")

    async def draw(self) -> None:
        """The factors as they are now."""
        t = self._visit.t
        owned = await self._factors.of(self._visit.user.name)
        self._part.clear()
        with self._part:
            if not owned.has_any:
                tag("p", t("Your password alone signs you in. Add a passkey, or codes of an app on"
                           " your telephone."), "muted")  # fmt: skip
            fresh = must_be_fresh(self._visit, self._session)
            for passkey in owned.passkeys:
                self._passkey(passkey, fresh)
            if owned.totp_since:
                self._line(t("One-time codes since {time}",
                             time=self._visit.local(owned.totp_since)),
                           self._forget_totp if fresh else None)  # fmt: skip
            if owned.has_any:
                self._recovery(owned, fresh)
            if fresh:
                self._adding(owned)

    def _passkey(self, passkey: Passkey, fresh: bool) -> None:
        t, visit = self._visit.t, self._visit
        used = visit.local(passkey.used_at) if passkey.used_at else t("never")

        async def forget() -> None:
            if may_change(visit, self._session, self._part):
                await self._factors.remove_passkey(visit.user.name, passkey.credential_id)
                await self.draw()

        said = t("Passkey {name} for {host}, last used: {time}", name=passkey.label,
                 host=passkey.host, time=used)  # fmt: skip
        self._line(said, forget if fresh else None)

    def _line(self, said: str, forget: Callable[[], Awaitable[None]] | None) -> None:
        remove = self._visit.t("Remove")
        with tag("div", "", "own"):
            tag("span", said)
            if forget:
                button(remove, forget, "link", aria_label=f"{remove}: {said}")

    async def _forget_totp(self) -> None:
        if may_change(self._visit, self._session, self._part):
            await self._factors.remove_totp(self._visit.user.name)
            await self.draw()

    def _recovery(self, owned: OwnFactors, fresh: bool) -> None:
        t = self._visit.t

        async def renew() -> None:
            if may_change(self._visit, self._session, self._part):
                codes = await self._factors.renew_recovery(self._visit.user.name)
                await self._show_codes(codes)

        with tag("div", "", "own"):
            tag("span", t.many("{n} recovery code left", "{n} recovery codes left",
                               owned.recovery_left))  # fmt: skip
            if fresh:
                button(t("Make new ones"), renew, "link")

    def _adding(self, owned: OwnFactors) -> None:
        t = self._visit.t
        passkey = tag("form", "", "stack").on("submit", self._added, js_handler=_ADD)
        with passkey:
            field(t("Name of a new passkey"), "label", t("such as the device it is on"),
                  required=True, maxlength="64")  # fmt: skip
            with tag("div", "", "actions"):
                tag("button", t("Add a passkey"), "first", type="submit")
        if owned.totp_since is None:
            self._offer = tag("div")
            with self._offer, tag("div", "", "actions"):
                button(t("Add one-time codes"), self._ask_totp)

    async def _added(self, event: GenericEventArguments) -> None:
        t, said = self._visit.t, dict(event.args)
        if "codes" not in said:
            text = (
                t("This browser cannot use passkeys here; they need https.")
                if "none" in said
                else t("The passkey was not added: {why}", why=translated(str(said["failed"]), t))
            )
            say(self._wrong, text)
            return
        await self._show_codes([str(code) for code in said["codes"]])

    async def _ask_totp(self) -> None:
        t, name = self._visit.t, self._visit.user.name
        secret = new_secret()
        picture = segno.make(address_of(secret, name, _ISSUER), error="m")

        async def add(fields: Fields) -> None:
            if not may_change(self._visit, self._session, self._part):
                return
            try:
                codes = await self._factors.add_totp(name, secret, fields["code"], now())
            except SignInRefusedError as refused:
                say(self._wrong, translated(str(refused), t))
                return
            await self._show_codes(codes)

        self._offer.clear()
        with self._offer, form(add, "stack"):
            tag("p", t("Let the app on your telephone read this, then type the code it shows."))
            tag("img", "", "qr", alt=t("QR code"),
                src=picture.svg_data_uri(scale=4, dark="#000", light="#fff"))  # fmt: skip
            with tag("p"):
                tag("span", t("Or type this there:") + " ")
                tag("code", " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))
            field(t("Code"), "code", required=True, autocomplete="one-time-code",
                  inputmode="numeric")  # fmt: skip
            with tag("div", "", "actions"):
                tag("button", t("Take codes from now on"), "first", type="submit")

    async def _show_codes(self, codes: Sequence[str]) -> None:
        """Recovery codes, shown once; then the way on for whoever had to add a factor."""
        t = self._visit.t
        say(self._wrong, "")
        self._codes.clear()
        with self._codes:
            if codes:
                tag("p", t("Write these recovery codes down, shown only now. Each signs you in once"
                           " where you have lost your other factor."))  # fmt: skip
                with tag("ul", "", "recovery"):
                    for code in codes:
                        with tag("li"):
                            tag("code", code)
            if self._session.stage is Stage.ENROL:
                button(t("Sign in with it now"), self._leave, "first")
        await self.draw()

    async def _leave(self) -> None:
        """End the session that was for adding a factor only."""
        self._visit.must(Action.OWN_ACCOUNT)
        sessions = self._visit.services.doors.signing.sessions
        await sessions.end_one(self._visit.user.name, self._session.key)
        self._part.client.open("/sign-in?why=enrolled")
