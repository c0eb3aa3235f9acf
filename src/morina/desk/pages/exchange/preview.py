"""Who would see what by an agreement, before anything is sent."""

from collections.abc import Iterator, Mapping

from morina.accountability import PurposeCode
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange.agreement_lines import ASKED
from morina.desk.pages.exchange.words import fields_said, purposes_said, withheld_said
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit, now
from morina.desk.words import Words, mark
from morina.exchange import WHOLE, Agreement
from morina.exchange.preview import Changed, Known, Preview, SharePreview, preview


async def who_would_see(visit: Visit, exchange: ExchangeServices, shown: Agreement) -> None:
    """The part of a page that says it; for what ended, that nobody sees anything."""
    t = visit.t
    made = preview(shown, await _known(visit, exchange, shown))
    with tag("section", "", "part", aria_labelledby="who-sees"):
        tag("h2", t("Who would see this?"), id="who-sees")
        with tag("ul", "", "told bullets"):
            for said in effects(made, t):
                tag("li", said)
        before = made.known.in_force
        if before is not None and before.version != shown.version:
            tag("h3", t("What changes against version {n}", n=before.version))
            found = list(changes(made, t))
            with tag("ul", "", "told bullets"):
                for said in found or [t("nothing of what may be told")]:
                    tag("li", said)


async def _known(visit: Visit, exchange: ExchangeServices, shown: Agreement) -> Known:
    """What this node knows beside: of its own cameras and lists only where it is the giver."""
    found = await exchange.agreements.in_force(shown.giver, shown.receiver, now())
    before = next((one for one in found if one.agreement_id == shown.agreement_id), None)
    if shown.giver != exchange.node_id:
        return Known(in_force=before)
    groups = visit.services.groups
    cameras: Mapping[str, list[str]] = {
        one.name: sorted(one.cameras | {visit.t("site {name}", name=site) for site in one.sites})
        for one in groups
    }
    return Known(cameras=cameras, in_force=before)


def effects(made: Preview, t: Words) -> Iterator[str]:
    """What follows from the text, in sentences."""
    shown = made.agreement
    if shown.ended:
        yield t("Nobody: it ends the agreement, and nothing passes under it from then on.")
        return
    names = {"giver": shown.giver, "receiver": shown.receiver}
    yield t("Officers of {receiver} would see: {fields}.", **names,
            fields=fields_said(made.fields, t) or t("nothing"))  # fmt: skip
    if made.withheld:
        yield t("They would not see: {fields}.", fields=withheld_said(made.withheld, t))
    yield t("Only for: {purposes}.", purposes=purposes_said(shown.purposes, t) or t("nothing"))
    if shown.category in ASKED:
        yield t("They would see it only after asking, about one vehicle at a time.")
    yield from _of_cameras(made, t)
    yield from _limits(shown, t)
    yield t.many("{receiver} deletes it after {n} day.", "{receiver} deletes it after {n} days.",
                 shown.keep_days, **names)  # fmt: skip
    yield t("Nobody else would see it: {receiver} may tell nobody.", **names)


def _limits(shown: Agreement, t: Words) -> Iterator[str]:
    """How old it may be and, where each is asked for, how often that may be."""
    if shown.max_age_days:
        yield t.many("Nothing older than {n} day.", "Nothing older than {n} days.",
                     shown.max_age_days)  # fmt: skip
    else:
        yield t("However old it is.")
    if shown.category in ASKED:
        yield t("At most {officer} times a day each officer, {node} times the whole node.",
                officer=shown.officer_cap, node=shown.node_cap)  # fmt: skip


def of_entries(made: SharePreview, t: Words) -> Iterator[str]:
    """How many entries of a list would go, and why others would not."""
    yield t.many("{n} entry would go now.", "{n} entries would go now.", made.told)
    if made.held:
        yield t.many("{n} is kept back: its share scope does not name them.",
                     "{n} are kept back: their share scope does not name them.",
                     made.held)  # fmt: skip
    if made.old:
        yield t.many("{n} is older than agreed.", "{n} are older than agreed.", made.old)
    if made.over:
        yield t.many("{n} is over and does not go.", "{n} are over and do not go.", made.over)


def _of_cameras(made: Preview, t: Words) -> Iterator[str]:
    shown = made.agreement
    if WHOLE in shown.camera_groups:
        yield t("It may come from every camera of {giver}.", giver=shown.giver)
    elif shown.camera_groups:
        groups = ", ".join(
            f"{one} ({', '.join(made.cameras[one])})" if made.cameras.get(one) else one
            for one in sorted(shown.camera_groups)
        )
        yield t("It may come from these cameras of {giver} only: {groups}.", groups=groups,
                giver=shown.giver)  # fmt: skip
        unknown = sorted(shown.camera_groups - made.known.cameras.keys())
        if made.known.cameras and unknown:
            yield t("No group of cameras here is called {groups}.", groups=", ".join(unknown))


CHANGED: Mapping[str, str] = {
    "purposes": mark("purposes"),
    "fields": mark("fields"),
    "camera_groups": mark("groups of cameras"),
    "legal_basis": mark("legal basis"),
    "valid_from": mark("valid from"),
    "valid_to": mark("valid until"),
    "keep_days": mark("kept, days"),
    "max_age_days": mark("age at most, days"),
    "officer_cap": mark("questions of one officer a day"),
    "node_cap": mark("questions of the node a day"),
    "onward": mark("may be told to others"),
    "tells_refusal": mark("tells that something may not be told"),
    "log_days": mark("log kept, days"),
    "ended": mark("ended"),
}
"""Term of an agreement to its name."""


def changes(made: Preview, t: Words) -> Iterator[str]:
    """What may be told after that may not be told before, and the other way about."""
    for one in made.changes:
        name = t(CHANGED.get(one.name, one.name))
        if one.name in ("purposes", "fields", "camera_groups"):
            if one.added:
                yield t("{name}, new: {values}", name=name, values=_named(one, one.added, t))
            if one.removed:
                yield t("{name}, gone: {values}", name=name, values=_named(one, one.removed, t))
        else:
            yield t("{name}: {was} before, {will} from now on", name=name,
                    was=", ".join(one.removed), will=", ".join(one.added))  # fmt: skip


def _named(one: Changed, values: tuple[str, ...], t: Words) -> str:
    if one.name == "fields":
        return fields_said(values, t)
    if one.name == "purposes":
        return purposes_said(map(PurposeCode, values), t)
    return ", ".join(values)
