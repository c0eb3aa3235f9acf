"""One's own sessions: since when, from where, in which browser; and signing out everywhere."""

from morina.accountability import Action
from morina.accountability.own_sessions import OwnSession, Way
from morina.desk.pages.markup import button, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark

COLUMNS = (mark("Since"), mark("Last used"), mark("Address"), mark("Browser"), mark("By"), "")
WAYS = {
    Way.PASSWORD: mark("password"),
    Way.CODE: mark("password and one-time code"),
    Way.RECOVERY: mark("password and recovery code"),
    Way.PASSKEY: mark("passkey"),
    Way.OIDC: mark("OpenID provider"),
}


class OwnSessionsPart:
    """The table of them, this browser's first."""

    def __init__(self, visit: Visit, session: OwnSession) -> None:
        self._visit, self._session = visit, session
        self._sessions = visit.services.doors.signing.sessions
        with tag("section", "", "part flush", aria_labelledby="sessions"):
            tag("h2", visit.t("Where you are signed in"), id="sessions")
            self._table = tag("div", "", "scroll")
            with tag("div", "", "actions foot"):
                button(visit.t("Sign out everywhere"), self._end_all)

    async def draw(self) -> None:
        """The sessions as they are now."""
        t = self._visit.t
        found = await self._sessions.of_user(self._visit.user.name, now())
        found.sort(key=lambda one: one.key != self._session.key)
        self._table.clear()
        with self._table, tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for session in found:
                    self._row(session)

    def _row(self, session: OwnSession) -> None:
        visit, t = self._visit, self._visit.t

        async def end() -> None:
            visit.must(Action.OWN_ACCOUNT)
            await self._sessions.end_one(visit.user.name, session.key)
            await self.draw()

        with tag("tr", data_session=session.key):
            tag("th", visit.local(session.begun_at), scope="row")
            tag("td", visit.local(session.used_at), data_label=t("Last used"))
            tag("td", session.address, data_label=t("Address"))
            tag("td", session.browser, "browser", data_label=t("Browser"))
            tag("td", t(WAYS[session.way]), data_label=t("By"))
            with tag("td"):
                if session.key == self._session.key:
                    tag("span", t("this browser"), "muted")
                else:
                    button(t("Sign out"), end, "link")

    async def _end_all(self) -> None:
        self._visit.must(Action.OWN_ACCOUNT)
        await self._sessions.end_all(self._visit.user.name)
        self._table.client.open("/sign-in?why=ended")
