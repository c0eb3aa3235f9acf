"""Who would see this? What an agreement lets pass, before anybody signs it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import islice
from types import MappingProxyType

from morina.exchange.agreement import Agreement
from morina.exchange.deciding import Denial, Told, denial
from morina.exchange.fields import FIELDS
from morina.exchange.kinds import Category, Kind
from morina.exchange.list_copying import Telling
from morina.exchange.listing_fields import TELLABLE, may_know, told_fields
from morina.exchange.message import WHOLE, Item, Value, Why
from morina.exchange.parties import Party
from morina.watch import Tally, VehicleOfInterest

TELLS: Mapping[Category, Kind] = MappingProxyType({
    Category.HOTLIST: Kind.HOTLIST_DELTA,
    Category.SIGHTING: Kind.SIGHTING,
    Category.VEHICLE: Kind.ANSWER,
    Category.FOLLOW_UP: Kind.FOLLOW_UP_GRANT,
    Category.OPERATION: Kind.OPERATION_ITEM,
})  # fmt: skip
"""The kind of message in which each category's data pass."""

EXAMPLES = 3
_COMPARED = ("purposes", "fields", "camera_groups")
_UNSAID = {"agreement_id", "version", "giver", "receiver", "category", *_COMPARED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the giver's node knows beside: names of cameras by their group, how many listings
    there are now (None: not asked), the partner, and the version in force."""

    cameras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    listings: int | None = None
    receiver: Party | None = None
    in_force: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that differs from the version in force. Of sets what comes and goes, of others the
    value before and after."""

    name: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passes:
    """One item as the partner would have it; ``held_back`` are the fields it would not see.
    ``denied`` says why nothing of it passes."""

    fields: Mapping[str, Value]
    held_back: tuple[str, ...] = ()
    denied: Denial | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePreview:
    """What of a hotlist would go to a partner now, in entries: ``told``; ``held`` by their
    ``share_scope``; ``old``er than agreed; ``over``, whose time has ended."""

    told: int
    held: int
    old: int
    over: int
    examples: tuple[Passes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an agreement lets pass."""

    agreement: Agreement
    fields: Mapping[str, str]
    withheld: tuple[str, ...]
    cameras: Mapping[str, tuple[str, ...]]
    changes: tuple[Changed, ...]
    known: Known

    def words(self) -> list[str]:
        """The same in sentences."""
        return [*_who(self), *_what(self), *_how_long(self.agreement), *_changes(self)]


def preview(agreement: Agreement, known: Known = Known()) -> Preview:
    """What ``agreement`` lets pass, compared with the version in force."""
    names = FIELDS[agreement.category]
    groups = agreement.camera_groups
    return Preview(
        agreement=agreement,
        fields={name: names.get(name, "") for name in sorted(agreement.fields)},
        withheld=tuple(sorted(names.keys() - agreement.fields)),
        cameras={
            name: tuple(sorted(cameras))
            for name, cameras in sorted(known.cameras.items())
            if WHOLE in groups or name in groups
        },
        changes=tuple(differences(known.in_force, agreement)) if known.in_force else (),
        known=known,
    )


def differences(before: Agreement, after: Agreement) -> Iterable[Changed]:
    """What a version says otherwise than the one before."""
    for name in _COMPARED:
        old, new = set(getattr(before, name)), set(getattr(after, name))
        if old != new:
            yield Changed(name, tuple(sorted(new - old)), tuple(sorted(old - new)))
    for one in fields(Agreement):
        old_value, new_value = getattr(before, one.name), getattr(after, one.name)
        if one.name not in _UNSAID and old_value != new_value:
            yield Changed(one.name, (_text(new_value),), (_text(old_value),))


def passes(agreement: Agreement, item: Item, now: datetime) -> Passes:
    """What of ``item`` passes at ``now``: the fields agreed, where nothing else forbids it."""
    agreed = {name: value for name, value in item.fields.items() if name in agreement.fields}
    purpose = min(agreement.purposes, default=None)
    held_back = tuple(sorted(item.fields.keys() - agreed.keys()))
    if purpose is None:
        return Passes({}, tuple(sorted(item.fields)))
    why = Why(agreement_id=agreement.agreement_id, purpose=purpose, case_number="",
              justification="", officer="")  # fmt: skip
    told = Told(
        sender=agreement.giver, to=agreement.receiver, kind=TELLS[agreement.category], why=why,
        items=[Item(fields=agreed, at=item.at, camera_group=item.camera_group)], at=now,
    )  # fmt: skip
    if denied := denial(agreement, told):
        return Passes({}, tuple(sorted(item.fields)), denied)
    return Passes(agreed, held_back)


def share_preview(agreement: Agreement, found: Iterable[Tally]) -> SharePreview:
    """How many of a list's entries go to the receiver, and why the others do not."""
    counts = Counter[str]()
    for one in found:
        counts[_kept_back(agreement, one)] += one.entries
    return SharePreview(
        told=counts["told"], held=counts["held"], old=counts["old"], over=counts["over"]
    )


def _kept_back(agreement: Agreement, one: Tally) -> str:
    if one.over:
        return "over"
    if not may_know(one.share_scope, agreement.receiver):
        return "held"
    return "old" if one.old else "told"


def examples(telling: Telling, page: Iterable[VehicleOfInterest]) -> tuple[Passes, ...]:
    """The first entries that would go, as the partner would have them."""
    made = (
        passes(telling.agreement, Item(fields=told_fields(one, TELLABLE), at=one.valid_from),
               telling.now)
        for one in page if telling.tells(one)
    )  # fmt: skip
    return tuple(islice((one for one in made if not one.denied), EXAMPLES))


def _who(made: Preview) -> Iterable[str]:
    one, party = made.agreement, made.known.receiver
    name = f"{one.receiver} ({party.name})" if party else one.receiver
    contact = f", reached at {party.contact}" if party and party.contact else ""
    if one.ended:
        yield f"{one.giver} tells {name} nothing more under this agreement."
        return
    for_what = ", ".join(sorted(one.purposes)) or "nothing"
    yield f"{one.giver} tells {name}{contact}: {one.category}, for {for_what}."


def _what(made: Preview) -> Iterable[str]:
    one = made.agreement
    if one.ended:
        return
    yield f"It sees {', '.join(made.fields) or 'no field'}."
    yield f"It does not see {', '.join(made.withheld) or 'nothing: every field is agreed'}."
    yield f"Cameras: {_cameras(made)}."
    if made.known.listings is not None and one.category is Category.HOTLIST:
        yield f"There are {made.known.listings:,} entries now."
    back = f"{one.max_age_days} days back" if one.max_age_days else "however old"
    yield f"It goes {back}."
    if one.category in (Category.VEHICLE, Category.FOLLOW_UP):
        yield f"It may ask {one.officer_cap} times a day each officer, {one.node_cap} in all."


def _cameras(made: Preview) -> str:
    groups = made.agreement.camera_groups
    if not groups:
        return "none"
    said = "all groups" if WHOLE in groups else ", ".join(sorted(groups))
    unknown = sorted(groups - made.cameras.keys() - {WHOLE}) if made.known.cameras else []
    count = sum(map(len, made.cameras.values()))
    counted = f", {count} cameras now" if made.known.cameras else ""
    return said + counted + (f"; no group here is called {', '.join(unknown)}" if unknown else "")


def _how_long(one: Agreement) -> Iterable[str]:
    if one.ended:
        return
    yield f"From {one.valid_from:%Y-%m-%d} to {one.valid_to:%Y-%m-%d}; kept {one.keep_days} days."
    yield "It is told to others never."
    learns = "learns" if one.tells_refusal else "does not learn"
    yield f"It {learns} that something is there and may not be told."


def _changes(made: Preview) -> Iterable[str]:
    if made.known.in_force is None:
        return
    if not made.changes:
        yield f"Nothing differs from version {made.known.in_force.version}."
    for one in made.changes:
        if one.name in _COMPARED:
            parts = [f"{sign} {', '.join(names)}" for sign, names in
                     (("new", one.added), ("gone", one.removed)) if names]  # fmt: skip
            yield f"{one.name}: {'; '.join(parts)}."
        else:
            yield f"{one.name}: {one.removed[0]} becomes {one.added[0]}."


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
