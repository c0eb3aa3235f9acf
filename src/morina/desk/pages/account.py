"""One's own account: language, time zone, password, and the ways in."""

from functools import cache
from zoneinfo import available_timezones

from morina.accountability import Action, SignInRefusedError
from morina.accountability.own_sessions import OwnSession, Stage
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, choice, field, form, say, tag
from morina.desk.pages.own_factors import REQUIRED, OwnFactorsPart
from morina.desk.pages.own_sessions import OwnSessionsPart
from morina.desk.pages.own_tokens import OwnTokensPart
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import LANGUAGES, mark

_REGIONS = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip

CHANGE_FIRST = mark(
    "This password was made by somebody else. Choose one that only you know; then sign in with it."
)


@cache
def zones() -> dict[str, str]:
    """Time zones named by region and town, Europe's first."""
    named = sorted(zone for zone in available_timezones() if zone.startswith(_REGIONS))
    europe_first = sorted(named, key=lambda zone: not zone.startswith("Europe/"))
    return {zone: zone.replace("_", " ") for zone in ("UTC", *europe_first)}


async def account_page(visit: Visit, session: OwnSession) -> None:
    """Language and time zone, password, second factors, sessions and tokens; only the factors for
    whoever must add one first, only the password for whoever must change it first."""
    t, stage = visit.t, session.stage
    with frame(visit, t("Account"), "/account"):
        with tag("div", "", "head"):
            tag("h1", t("Account"))
            tag("span", f"{visit.user.full_name} ({visit.user.name})", "muted")
        if stage is Stage.CHANGE:
            tag("p", t(CHANGE_FIRST), "wrong", role="alert")
            _Password(visit)
        elif stage is Stage.ENROL:
            tag("p", t(REQUIRED), "wrong", role="alert")
            await OwnFactorsPart(visit, session).draw()
        else:
            with tag("div", "", "halves"):
                _Preferences(visit)
                _Password(visit)
                await OwnFactorsPart(visit, session).draw()
            await OwnSessionsPart(visit, session).draw()
            await OwnTokensPart(visit, session).draw()
        with tag("form", method="post", action="/sign-out"):
            tag("button", t("Sign out {name}", name=visit.user.name), type="submit")


class _Preferences:
    """Language and time zone."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        t = visit.t
        with tag("section", "", "part", aria_labelledby="preferences"):
            tag("h2", t("Language and time"), id="preferences")
            with form(self._save, "stack") as self._form:
                choice(t("Language"), "language", LANGUAGES, visit.t.language)
                choice(t("Time zone"), "time_zone", zones(), visit.user.time_zone)
                with tag("div", "", "actions"):
                    tag("button", t("Save"), "first", type="submit")

    async def _save(self, fields: Fields) -> None:
        self._visit.must(Action.OWN_ACCOUNT)
        users = self._visit.services.users
        await users.prefer(self._visit.user.name, fields["language"], fields["time_zone"])
        self._form.client.open("/account")


class _Password:
    """Old password, and the new one twice."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        t = visit.t
        new = {"type": "password", "autocomplete": "new-password", "required": True}
        with tag("section", "", "part", aria_labelledby="password"):
            tag("h2", t("Password"), id="password")
            with form(self._save, "stack") as self._form:
                self._wrong = tag("p", "", "wrong", role="alert")
                tag(
                    "input",
                    type="text",
                    autocomplete="username",
                    value=visit.user.name,
                    hidden=True,
                )
                field(t("Present password"), "old", type="password", required=True,
                      autocomplete="current-password")  # fmt: skip
                field(t("New password"), "new", **new)
                field(t("New password again"), "again", **new)
                with tag("div", "", "actions"):
                    tag("button", t("Change the password"), "first", type="submit")

    async def _save(self, fields: Fields) -> None:
        self._visit.must(Action.OWN_ACCOUNT)
        t = self._visit.t
        if fields["new"] != fields["again"]:
            say(self._wrong, t("The two new passwords are not the same."))
            return
        try:
            await self._visit.services.users.change_password(
                self._visit.user.name, fields["old"], fields["new"], now()
            )
        except (SignInRefusedError, ValueError) as refused:
            say(self._wrong, translated(str(refused), t))
            return
        self._form.client.open("/sign-in?why=password")
