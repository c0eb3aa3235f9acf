"""What the values of the exchange are called on screen."""

from collections.abc import Iterable, Mapping

from morina.accountability import PurposeCode
from morina.desk.pages.labels import PURPOSES
from morina.desk.words import Words, mark
from morina.exchange import Category, Kind, Onward
from morina.exchange.lists import Stage

CATEGORIES: Mapping[Category, str] = {
    Category.HOTLIST: mark("hotlist entries"),
    Category.SIGHTING: mark("confirmed sightings"),
    Category.VEHICLE: mark("hit or no-hit about one vehicle"),
    Category.FOLLOW_UP: mark("details after a hit"),
    Category.OPERATION: mark("items of joint operations"),
}

KINDS: Mapping[Kind, str] = {
    Kind.HOTLIST_PART: mark("part of a hotlist"),
    Kind.HOTLIST_DELTA: mark("changes of a hotlist"),
    Kind.HOTLIST_WITHDRAW: mark("hotlist withdrawn"),
    Kind.SIGHTING: mark("sighting"),
    Kind.SIGHTING_CORRECTION: mark("sighting corrected"),
    Kind.QUERY: mark("query"),
    Kind.ANSWER: mark("answer"),
    Kind.FOLLOW_UP_REQUEST: mark("follow-up asked"),
    Kind.FOLLOW_UP_ACKNOWLEDGE: mark("follow-up acknowledged"),
    Kind.FOLLOW_UP_CLARIFY: mark("more asked before deciding"),
    Kind.FOLLOW_UP_CLARIFIED: mark("more said before deciding"),
    Kind.FOLLOW_UP_GRANT: mark("details released"),
    Kind.FOLLOW_UP_REFUSE: mark("follow-up refused"),
    Kind.OPERATION_ITEM: mark("item of an operation"),
    Kind.OPERATION_WITHDRAW: mark("item withdrawn"),
    Kind.REFUSED: mark("refusal of a message"),
    Kind.CHECKPOINT: mark("checkpoint"),
    Kind.AGREEMENT: mark("version of an agreement"),
    Kind.DIRECTORY: mark("directory"),
}

FIELDS: Mapping[str, str] = {
    "listing_id": mark("id of the entry"),
    "plate": mark("plate"),
    "country": mark("country of the plate"),
    "vin": mark("chassis number"),
    "make": mark("make"),
    "model": mark("model"),
    "colour": mark("colour"),
    "reason_code": mark("reason"),
    "subject_category": mark("subject"),
    "action": mark("action to take"),
    "priority": mark("priority"),
    "warning_markers": mark("warnings"),
    "instruction": mark("instruction to the officer"),
    "owner_unit": mark("unit that answers"),
    "contact_24h": mark("contact day and night"),
    "source_reference": mark("reference"),
    "listing_reference": mark("reference of the entry"),
    "legal_basis": mark("legal basis"),
    "created_by": mark("made by"),
    "approved_by": mark("approved by"),
    "valid_from": mark("valid from"),
    "valid_to": mark("valid until"),
    "review_at": mark("review"),
    "geo_scope": mark("area"),
    "share_scope": mark("may be shared with"),
    "source_checked_at": mark("source checked"),
    "camera": mark("camera"),
    "place": mark("place"),
    "latitude_e6": mark("latitude"),
    "longitude_e6": mark("longitude"),
    "captured_at": mark("time of passing"),
    "direction": mark("direction"),
    "lane": mark("lane"),
    "picture": mark("picture"),
    "confirmed_at": mark("time of confirmation"),
    "state": mark("state"),
    "note": mark("note"),
    "hit": mark("hit or no hit"),
    "category": mark("kind of hit"),
    "reference": mark("reference"),
    "issued_at": mark("time of the entry"),
    "register_country": mark("country of the register"),
    "eu_category": mark("category of the vehicle"),
    "first_registration": mark("first registration"),
    "registered_from": mark("registered from"),
    "registered_to": mark("registered until"),
    "status": mark("status of the vehicle"),
    "status_from": mark("status from"),
    "status_to": mark("status until"),
    "power_kw": mark("power in kW"),
    "capacity_cm3": mark("engine capacity"),
    "plate_type": mark("kind of plate"),
    "document_id": mark("number of the registration document"),
    "insured_by": mark("insurer"),
    "insured_from": mark("insured from"),
    "insured_to": mark("insured until"),
    "checked_at": mark("time of the look-up"),
    "offence": mark("offence"),
    "case_number": mark("case number"),
    "case_summary": mark("the case in words"),
    "authority": mark("authority in charge"),
    "contact": mark("contact"),
    "companions": mark("companions"),
    "route": mark("route"),
    "document": mark("document"),
    "document_name": mark("name of the document"),
    "title": mark("title"),
    "task": mark("task"),
    "due_at": mark("due"),
    "officer": mark("officer"),
    "name": mark("name"),
    "purpose": mark("purpose in words"),
    "purpose_code": mark("purpose"),
    "authorities": mark("authorities that take part"),
    "begins_at": mark("begins"),
    "ends_at": mark("ends"),
    "words": mark("words"),
    "step": mark("step"),
    "taken_by": mark("taken by"),
    "crossing": mark("crossing"),
    "vehicles_checked": mark("vehicles checked"),
    "hits": mark("hits"),
    "stopped": mark("stopped by reason"),
    "duty": mark("duty"),
    "media_type": mark("kind of file"),
    "size": mark("size"),
    "sha256": mark("SHA-256"),
    "content": mark("content of the file"),
}
"""Field of an item to its name, short enough for a sentence; of a person's see PERSONS."""

PERSONS: Mapping[str, str] = {
    "holder": mark("holder"),
    "owner": mark("owner"),
    "driver": mark("driver"),
}
_OF_PERSON: Mapping[str, str] = {
    "name": mark("name"),
    "first_name": mark("first name"),
    "address": mark("address"),
    "born_on": mark("date of birth"),
    "born_in": mark("place of birth"),
    "sex": mark("sex"),
    "nationality": mark("nationality"),
    "id_type": mark("kind of identity document"),
    "id_number": mark("number of identity document"),
    "from": mark("since when"),
    "to": mark("until when"),
}

ONWARD: Mapping[Onward, str] = {
    Onward.NEVER: mark("not told to anybody else"),
    Onward.WITH_CONSENT: mark(
        "not told to anybody else (with consent, as signed; nobody is asked)"
    ),
}

STAGES: Mapping[Stage, str] = {
    Stage.COPYING: mark("being copied"),
    Stage.CURRENT: mark("up to date"),
    Stage.WAITING: mark("waits"),
    Stage.STOPPED: mark("no longer shared"),
}
"""How far a shared list is."""


def purposes_said(purposes: Iterable[PurposeCode], t: Words) -> str:
    """Purposes in words, with commas between."""
    return ", ".join(sorted(t(PURPOSES[one]) for one in purposes))


def field_said(name: str, t: Words) -> str:
    """A field of an item as the desk calls it; one it has no name for by its own."""
    if name in FIELDS:
        return t(FIELDS[name])
    who, _, part = name.partition("_")
    if who in PERSONS and part in _OF_PERSON:
        return t("{who}: {field}", who=t(PERSONS[who]), field=t(_OF_PERSON[part]))
    return name.replace("_", " ")


def fields_said(names: Iterable[str], t: Words) -> str:
    """Fields in words, what tells the vehicle apart first."""
    return ", ".join(field_said(name, t) for name in _in_order(names))


def _in_order(names: Iterable[str]) -> list[str]:
    places = {name: place for place, name in enumerate(FIELDS)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def withheld_said(names: Iterable[str], t: Words) -> str:
    """The same for what is not told; of a person of whom nothing is told only whose it is."""
    left = set(names)
    whole = [who for who in PERSONS if {f"{who}_{part}" for part in _OF_PERSON} <= left]
    left -= {f"{who}_{part}" for who in whole for part in _OF_PERSON}
    nothing_of = [t("everything of the {who}", who=t(PERSONS[who])) for who in whole]
    return ", ".join([*nothing_of, *(field_said(name, t) for name in _in_order(left))])
