"""Drafting an agreement: which way, about what, then every term; kept here, told to nobody."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

from nicegui import ui

from morina.accountability import Action, PurposeCode
from morina.accountability.trail import acts_as
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange import draft_form
from morina.desk.pages.exchange.section import HERE, exchange_of, section
from morina.desk.pages.exchange.words import CATEGORIES
from morina.desk.pages.markup import Fields, form, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.exchange import WHOLE, Agreement, Category, UnknownNodeError
from morina.exchange.agreeing import Agreeing, RefusedAgreementError
from morina.exchange.fields import FIELDS


class BadTermError(ValueError):
    """A term that cannot be read; says which."""


async def draft_page(
    visit: Visit, node_id: str, follows: str = "", told: Mapping[str, str] = {}
) -> None:
    """The form; ``follows`` is the agreement a next version is drafted of, ``told`` holds the way
    and the category where they are chosen already."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t = visit.t
    before = await _newest(exchange, follows)
    try:
        await exchange.partners.party(node_id)
    except UnknownNodeError:
        show_missing(visit, t("The directory in force has no node of that name."))
        return
    if exchange.agreeing is None or (follows and before is None):
        show_missing(visit, t("There is no agreement of that id."))
        return
    hint = t("Nothing is sent: a draft stays here until a second person agreed and you signed.")
    with section(visit, t("Draft an agreement with {partner}", partner=node_id), HERE, hint):
        start = before or _start(exchange, node_id, told)
        if before is None:
            _choices(visit, exchange, start, node_id)
        _Draft(visit, exchange.agreeing, start)


async def _newest(exchange: ExchangeServices, agreement_id: str) -> Agreement | None:
    try:
        versions = await exchange.agreements.versions(UUID(agreement_id))
    except ValueError:
        return None
    return versions[0].agreement if versions else None


def _start(exchange: ExchangeServices, partner: str, told: Mapping[str, str]) -> Agreement:
    """An agreement that allows as little as can be, to begin with."""
    given = told.get("category", "")
    category = Category(given) if given in set(Category) else Category.HOTLIST
    pair = (exchange.node_id, partner)
    giver, receiver = pair[::-1] if told.get("way") == "them" else pair
    begins = now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Agreement(
        agreement_id=uuid4(), version=0 + 1, giver=giver, receiver=receiver, category=category,
        purposes=frozenset(), fields=frozenset(), legal_basis="", valid_from=begins,
        valid_to=begins + timedelta(days=365), keep_days=90,
    )  # fmt: skip


def _choices(visit: Visit, exchange: ExchangeServices, start: Agreement, partner: str) -> None:
    """Which way and about what, as links: the fields offered follow from them."""
    t = visit.t
    way = "us" if start.giver == exchange.node_id else "them"
    ways = {"us": t("we tell {partner}", partner=partner),
            "them": t("{partner} tells us", partner=partner)}  # fmt: skip
    with tag("section", "", "part"):
        for title, name, chosen, options in (
            (t("Which way"), "way", way, ways),
            (t("About what"), "category", str(start.category),
             {str(one): t(CATEGORIES[one]) for one in Category}),
        ):  # fmt: skip
            with tag("nav", "", "ways", aria_label=title):
                tag("span", title, "field-label")
                for value, said in options.items():
                    asked = {"way": way, "category": str(start.category)} | {name: value}
                    current = {"aria-current": "true"} if value == chosen else {}
                    tag("a", said, "button", href=f"?{urlencode(asked)}", **current)


class _Draft:
    """The form of one draft."""

    def __init__(self, visit: Visit, agreeing: Agreeing, start: Agreement) -> None:
        self._visit, self._agreeing, self._start = visit, agreeing, start
        self._wrong = tag("p", "", "wrong", role="alert")
        with form(self._keep, "part stack draft"):
            draft_form.terms(visit, start)
            with tag("div", "", "actions"):
                tag("button", visit.t("Keep the draft and see who would see it"), "first",
                    type="submit")  # fmt: skip

    async def _keep(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.AGREE)
        acts_as(visit.user.name)
        try:
            drafted = drafted_of(fields, self._start)
            await self._agreeing.draft(drafted, visit.user.name, now())
        except (RefusedAgreementError, BadTermError, ValueError) as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        ui.navigate.to(f"/agreements/{drafted.agreement_id}")


def drafted_of(fields: Fields, start: Agreement) -> Agreement:
    """What the form says, as a version after ``start`` where that was signed; ValueError."""
    category = start.category
    whole = "every-camera" in fields
    groups = {name for name in fields.get("camera_groups", "").split(";") if name.strip()}
    follows = start.version + (1 if start.legal_basis else 0)
    return Agreement(
        agreement_id=start.agreement_id, version=follows, giver=start.giver,
        receiver=start.receiver, category=category,
        purposes=frozenset(one for one in PurposeCode if f"purpose-{one}" in fields),
        fields=frozenset(one for one in FIELDS[category] if f"field-{one}" in fields),
        legal_basis=fields.get("legal_basis", "").strip(),
        valid_from=_day(fields, "valid_from"), valid_to=_day(fields, "valid_to"),
        keep_days=_number(fields, "keep_days"), max_age_days=_number(fields, "max_age_days"),
        camera_groups=frozenset({WHOLE}) if whole else frozenset(map(str.strip, groups)),
        officer_cap=_number(fields, "officer_cap"), node_cap=_number(fields, "node_cap"),
        tells_refusal="tells_refusal" in fields, log_days=_number(fields, "log_days"),
    )  # fmt: skip


def _number(fields: Fields, name: str) -> int:
    try:
        return int(fields.get(name, "0") or "0")
    except ValueError:
        raise BadTermError(f"{name} is not a whole number; write digits only") from None


def _day(fields: Fields, name: str) -> datetime:
    try:
        return datetime.fromisoformat(fields.get(name, "")).replace(tzinfo=UTC)
    except ValueError:
        raise BadTermError(f"{name} is not a day; write it as 2026-11-22") from None
