"""One's own API tokens: what each may do, until when, when it was last used; issuing, revoking."""

from datetime import timedelta

from morina.accountability import Action
from morina.accountability.identity import Scopes
from morina.accountability.own_sessions import OwnSession
from morina.accountability.tokens import OwnToken
from morina.desk.action_words import ACTIONS
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.own_factors import may_change, must_be_fresh
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark

COLUMNS = (mark("For"), mark("May"), mark("Valid until"), mark("Last used"), "")


class OwnTokensPart:
    """The table of them, and the form for a new one."""

    def __init__(self, visit: Visit, session: OwnSession) -> None:
        self._visit, self._session = visit, session
        self._tokens = visit.services.doors.tokens
        with tag("section", "", "part flush", aria_labelledby="tokens"):
            tag("h2", visit.t("API tokens"), id="tokens")
            self._table = tag("div", "", "scroll")
        self._told = tag("div", role="status")
        if visit.may(*Action):
            self._issuing()

    async def draw(self) -> None:
        """The tokens as they are now."""
        t = self._visit.t
        found = await self._tokens.of(self._visit.user.name, now())
        self._table.clear()
        with self._table:
            if not found:
                tag("p", t("No program works in your name."), "muted more")
                return
            with tag("table", "", "stacks"):
                with tag("thead"), tag("tr"):
                    for column in COLUMNS:
                        tag("th", t(column), scope="col")
                with tag("tbody"):
                    for token in found:
                        self._row(token)

    def _row(self, token: OwnToken) -> None:
        visit, t = self._visit, self._visit.t

        async def revoke() -> None:
            visit.must(Action.OWN_ACCOUNT)
            await self._tokens.revoke(visit.user.name, token.key)
            await self.draw()

        with tag("tr", data_token=token.key):
            tag("th", token.label, scope="row")
            tag("td", self._said(token.scopes), data_label=t("May"))
            tag("td", visit.local(token.valid_until), data_label=t("Valid until"))
            used = visit.local(token.used_at) if token.used_at else t("never")
            tag("td", used, data_label=t("Last used"))
            with tag("td"):
                button(t("Revoke"), revoke, "link")

    def _said(self, scopes: Scopes) -> str:
        t = self._visit.t
        if scopes is None:
            return t("all you may")
        return ", ".join(t(ACTIONS[action]) for action in Action if action in scopes)

    def _issuing(self) -> None:
        t, most = self._visit.t, self._visit.services.doors.token_days
        with tag("details", "", "part"):
            tag("summary", t("Issue a token"))
            if not must_be_fresh(self._visit, self._session):
                return
            with form(self._issue, "stack") as self._form:
                self._wrong = tag("p", "", "wrong", role="alert")
                field(t("For"), "label", t("the program that will use it"), required=True,
                      maxlength="64")  # fmt: skip
                field(t("Valid for days"), "days", t("at most {n}", n=most), type="number", min="1",
                      max=str(most), value=str(min(30, most)), required=True)  # fmt: skip
                with tag("fieldset", "", "checks"):
                    tag("legend", t("It may"))
                    for action in Action:
                        if self._visit.may(action) and action is not Action.OWN_ACCOUNT:
                            with tag("label"):
                                tag("input", type="checkbox", name=f"may-{action}", value="on")
                                tag("span", t(ACTIONS[action]))
                with tag("div", "", "actions"):
                    tag("button", t("Issue the token"), "first", type="submit")

    async def _issue(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        if not may_change(visit, self._session, self._form):
            return
        chosen = frozenset(
            action for action in Action if f"may-{action}" in fields and visit.may(action)
        )
        try:
            days = int(fields["days"])
            if not chosen or not 1 <= days <= visit.services.doors.token_days:
                raise ValueError("choose what the token may do, and fewer days")
            until = now() + timedelta(days=days)
            label = fields["label"].strip()
            token = await visit.services.users.issue_token(visit.user.name, label, until, chosen)
        except ValueError as refused:
            say(self._wrong, translated(str(refused), t))
            return
        say(self._wrong, "")
        self._form.run_method("reset")
        self._told.clear()
        with self._told, tag("section", "", "part"):
            tag("p", t("The token, shown only now:"))
            tag("code", token, "push-address")
        await self.draw()
