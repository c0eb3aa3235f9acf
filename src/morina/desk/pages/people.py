"""Accounts and their roles: who there is, what they may do, since when they were not here."""

from collections.abc import Awaitable, Callable, Iterable

from nicegui.element import Element

from morina.accountability import Account, Action, NoSuchAccountError, Role, User
from morina.accountability.approvals import (
    Approval,
    ApprovalNeededError,
    Giving,
    RefusedApprovalError,
)
from morina.desk.pages.frame import focus, frame
from morina.desk.pages.markup import Fields, button, field, form, open_details, say, tag
from morina.desk.pages.people_approving import RolesAsked
from morina.desk.pages.visit import Visit, now
from morina.desk.people import added, carried_out
from morina.desk.role_words import ROLES
from morina.desk.said import translated
from morina.desk.words import mark

COLUMNS = (mark("Name"), mark("Person"), mark("Roles"), mark("Last sign-in"), mark("State"), "")


async def people_page(visit: Visit) -> None:
    """The table of accounts; for whoever may change them, the form to add one."""
    t = visit.t
    with frame(visit, t("People"), "/people"):
        with tag("div", "", "head"):
            tag("h1", t("People"))
            tag("span", t("An account is closed, never deleted: the trail names it."), "muted")
        people = _People(visit)
        await people.draw()


class _People:
    """The forms and the table below them."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._told = tag("div", "", "", role="status")
        self._asked = RolesAsked(visit, self._carry_out)
        self._change = tag("div")
        if visit.may(Action.CHANGE_PEOPLE):
            self._adding()
        with tag("section", "", "part flush", aria_labelledby="accounts"):
            title = visit.t("Accounts")
            with tag("h2", f"{title} ", id="accounts"):
                self._count = tag("span", "", "count")
            self._table = tag("div", "", "scroll")

    async def draw(self) -> None:
        """What waits for a second person, and the accounts as they are now, closed ones last."""
        t = self._visit.t
        self._visit.must(Action.SEE_PEOPLE)
        await self._asked.draw()
        accounts = await self._visit.services.users.all()
        say(self._count, str(sum(account.closed_at is None for account in accounts)))
        self._table.clear()
        with self._table, tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for account in sorted(accounts, key=lambda one: one.closed_at is not None):
                    self._row(account)

    def _row(self, account: Account) -> None:
        visit, t, user = self._visit, self._visit.t, account.user
        with tag("tr", data_account=user.name):
            with tag("th", scope="row"):
                tag("code", user.name)
            with tag("td", user.full_name, data_label=t("Person")):
                if user.authority:
                    tag("div", t("liaison officer of {node}", node=user.authority), "muted")
            tag("td", _said(user.roles, visit) or t("none"), data_label=t("Roles"))
            with tag("td", data_label=t("Last sign-in")):
                if account.signed_in_at is None:
                    tag("span", t("never"), "muted")
                else:
                    tag("span", visit.local(account.signed_in_at))
            closed = account.closed_at
            state = t("closed {time}", time=visit.local(closed)) if closed else t("open")
            tag("td", state, data_label=t("State"))
            with tag("td") as last:
                if closed is None and visit.may(Action.CHANGE_PEOPLE):
                    button(t("Change the roles"), self._asks_roles(user), "link")
                    button(t("Close the account"), self._asks_close(last, user), "link")

    def _adding(self) -> None:
        t = self._visit.t
        with tag("details", "", "part") as self._details:
            tag("summary", t("Add an account"))
            with form(self._add) as self._form:
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    short = {"required": True, "maxlength": "64"}
                    field(t("User name"), "name", **short)
                    field(t("Full name"), "full_name", **short)
                    hint = t("GB, for a liaison officer of GB, whose name then ends with @GB.")
                    field(t("Officer of a partner"), "authority", hint, maxlength="19")
                _boxes(self._visit, frozenset())
                with tag("div", "", "actions"):
                    tag("button", t("Add the account"), "first", type="submit")

    async def _add(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        visit.must(Action.CHANGE_PEOPLE)
        name, full_name = fields["name"].strip(), fields["full_name"].strip()
        authority = fields.get("authority", "").strip()
        user = User(name=name, full_name=full_name, roles=_chosen(fields), authority=authority)

        async def add() -> None:
            password = await added(visit.services.users, user, self._giving(fields))
            self._first(t("{name} has an account. The first password, shown only now:", name=name),
                        password)  # fmt: skip

        if await self._done(add(), self._wrong):
            self._form.run_method("reset")

    def _first(self, said: str, password: str) -> None:
        self._told.clear()
        with self._told, tag("section", "", "part"):
            tag("p", said)
            tag("code", password, "push-address")

    async def _carry_out(self, approval: Approval) -> None:
        users, t = self._visit.services.users, self._visit.t

        async def give() -> None:
            words = approval.request.words
            if password := await carried_out(users, approval, now()):
                said = t("{words}. The first password, shown only now:", words=words)
                self._first(said, password)

        await self._done(give(), self._asked.wrong)

    def _giving(self, fields: Fields) -> Giving:
        reason = " ".join(fields.get("reason", "").split())
        return Giving(by=self._visit.user.name, reason=reason, at=now())

    def _asks_roles(self, user: User) -> Callable[[], Awaitable[None]]:
        async def give(fields: Fields) -> None:
            self._visit.must(Action.CHANGE_PEOPLE)
            chosen = _chosen(fields)
            users = self._visit.services.users
            change = users.give_roles(user.name, chosen, self._giving(fields))
            if await self._done(change, self._refused):
                self._change.clear()

        async def ask() -> None:
            t = self._visit.t
            self._change.clear()
            with self._change, tag("details", "", "part") as details:
                tag("summary", t("Roles of {name}", name=user.name))
                with form(give):
                    self._refused = tag("p", "", "wrong", role="alert")
                    _boxes(self._visit, user.roles)
                    with tag("div", "", "actions"):
                        tag("button", t("Give these roles"), "first", type="submit")
            open_details(details)
            focus(details, "details[open] input[type=checkbox]")

        return ask

    def _asks_close(self, cell: Element, user: User) -> Callable[[], Awaitable[None]]:
        async def close() -> None:
            self._visit.must(Action.CHANGE_PEOPLE)
            self._change.clear()
            with self._change:
                self._refused = tag("p", "", "wrong", role="alert")
            if await self._done(self._visit.services.users.close(user.name), self._refused):
                self._change.clear()

        async def ask() -> None:
            cell.clear()
            with cell:
                button(self._visit.t("Yes, close {name}", name=user.name), close, "stern")

        return ask

    async def _done(self, change: Awaitable[object], wrong: Element) -> bool:
        """Whether it is done or a second person asked; shows the accounts, or why not."""
        say(wrong, "")
        try:
            await change
        except ApprovalNeededError as needed:
            await self._asked.ask(needed.request)
        except (ValueError, NoSuchAccountError, RefusedApprovalError) as refused:
            say(wrong, translated(str(refused), self._visit.t))
            return False
        await self.draw()
        return True


def _boxes(visit: Visit, held: frozenset[Role]) -> None:
    with tag("fieldset", "", "wide"):
        tag("legend", visit.t("Roles"))
        with tag("div", "", "fields"):
            for role, name in ROLES.items():
                with tag("label", "", "tick"):
                    checked = {"checked": True} if role in held else {}
                    tag("input", type="checkbox", name=role.value, value="yes", **checked)
                    tag("span", visit.t(name))
    t = visit.t
    hint = t("Needed for an administrator or data protection officer: a second person is asked.")
    field(t("Why, in a few words"), "reason", hint, maxlength="200")


def _chosen(fields: Fields) -> frozenset[Role]:
    return frozenset(role for role in Role if fields.get(role.value) == "yes")


def _said(roles: Iterable[Role], visit: Visit) -> str:
    return ", ".join(visit.t(ROLES[role]) for role in Role if role in set(roles))
