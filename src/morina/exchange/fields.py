"""The fields an agreement may name, per category of data, each with a sentence on what it tells.

Items of messages hold these and no others, so that two authorities mean the same by a name. Those
of a hotlist are the exchange file's; those of a vehicle follow the register sets that European
registers exchange (letters in brackets: codes of the registration certificate).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from morina.exchange.kinds import Category
from morina.watch import FIELD_NAMES

_HOTLIST = {
    "listing_id": "id of the entry at its owner",
    "plate": "the plate looked for",
    "country": "country of the plate",
    "make": "make the vehicle should have",
    "model": "model the vehicle should have",
    "colour": "colour the vehicle should have",
    "reason_code": "why the vehicle is listed",
    "subject_category": "whom the entry is about: suspect, victim, ...",
    "priority": "0 to 100, most urgent highest",
    "action": "what the owner asks of whoever meets the vehicle",
    "warning_markers": "dangers to officers",
    "instruction": "what the owner wants done, in words",
    "owner_unit": "unit that answers for the entry",
    "contact_24h": "where that unit is reached at any hour",
    "source_reference": "the owner's own reference",
    "legal_basis": "law the entry rests on",
    "created_by": "who made the entry",
    "approved_by": "who approved the entry",
    "valid_from": "from when the entry counts",
    "valid_to": "up to when the entry counts",
    "review_at": "day the owner looks at it again",
    "geo_scope": "where it counts",
    "share_scope": "whom the owner lets know of it",
    "source_checked_at": "when the owner checked it against its source",
}
_SIGHTING = {
    "plate": "the plate seen",
    "country": "country of the plate",
    "make": "make of the vehicle seen",
    "model": "model of the vehicle seen",
    "colour": "colour of the vehicle seen",
    "camera": "name of the camera",
    "place": "where the camera stands, in words",
    "latitude_e6": "latitude of the camera, millionths of a degree",
    "longitude_e6": "longitude of the camera, millionths of a degree",
    "captured_at": "when the vehicle passed",
    "direction": "way it went",
    "lane": "lane it went on",
    "picture": "the picture taken, base64",
    "listing_reference": "the owner's reference of the entry it matched",
    "listing_id": "id of the entry it matched, at its owner",
    "confirmed_at": "when an officer confirmed it",
    "state": "seen, confirmed, false positive, expired",
    "note": "what the officer wrote of it",
}
_VEHICLE = {
    "hit": "whether anything is known of the plate or VIN",
    "category": "stolen, wanted for a check, registered, plate reported false",
    "reference": "the owner's reference number",
    "action": "what the owner asks to be done",
    "issued_at": "when the entry was made",
    "plate": "registration number (A)",
    "register_country": "country of the register",
    "vin": "vehicle identification number (E)",
    "make": "make (D.1)",
    "model": "commercial type (D.3)",
    "colour": "colour",
    "eu_category": "category of the vehicle (J)",
    "first_registration": "date of first registration (B)",
    "registered_from": "start of this registration",
    "registered_to": "end of this registration",
    "status": "registered, scrapped, stolen, exported",
    "status_from": "since when that status",
    "status_to": "until when that status",
    "power_kw": "power, kW",
    "capacity_cm3": "capacity of the engine, cubic centimetres",
    "plate_type": "kind of plate",
    "document_id": "number of the registration document",
    "insured_by": "company the vehicle is insured with",
    "insured_from": "start of that insurance",
    "insured_to": "end of that insurance",
    "checked_at": "state of the register at that moment",
}
_PERSON = {
    "name": "name or company of the {}",
    "first_name": "first name of the {}",
    "address": "address of the {}",
    "born_on": "date of birth of the {}",
    "born_in": "place of birth of the {}",
    "sex": "sex of the {}",
    "nationality": "nationality of the {}",
    "id_type": "kind of the identity document of the {}",
    "id_number": "number of the identity document of the {}",
    "from": "since when this {}",
    "to": "until when this {}",
}
_FOLLOW_UP = {
    f"{who}_{name}": said.format(who)
    for who in ("holder", "owner", "driver")
    for name, said in _PERSON.items()
} | {
    "plate": "registration number asked about",
    "vin": "vehicle identification number asked about",
    "captured_at": "when the vehicle passed",
    "place": "where the vehicle passed, in words",
    "picture": "a picture, base64",
    "offence": "offence the case is about",
    "case_number": "the owner's case number",
    "case_summary": "what the case is about, in words",
    "authority": "authority in charge of the case",
    "contact": "where that authority is reached",
    "warning_markers": "dangers to officers",
    "companions": "other vehicles and persons met with it",
    "route": "route and destination",
    "document": "a document, base64",
    "document_name": "name of the document",
    "note": "what else the owner says",
}
_OPERATION = {
    "name": "name of the operation, or of a file",
    "purpose": "what the operation is for, in words",
    "purpose_code": "the purpose as a code",
    "case_number": "case number of the operation",
    "legal_basis": "law the operation rests on",
    "authorities": "authorities that take part",
    "begins_at": "when it begins",
    "ends_at": "when it ends",
    "title": "what a task is called",
    "words": "a note, or what is to be done",
    "state": "how far a task is",
    "step": "step another authority takes of a task",
    "taken_by": "authority that took the task",
    "due_at": "until when it is to be done",
    "crossing": "crossing a check is at",
    "task": "id of the task a result or step is of",
    "vehicles_checked": "vehicles checked there",
    "hits": "hits among them",
    "stopped": "vehicles stopped, counted by reason",
    "officer": "officer assigned, by pseudonym",
    "duty": "what that officer does",
    "media_type": "kind of the file",
    "size": "size of the file, bytes",
    "sha256": "SHA-256 of the file",
    "content": "the file, base64",
}

FIELDS: Mapping[Category, Mapping[str, str]] = MappingProxyType({
    Category.HOTLIST: MappingProxyType(_HOTLIST),
    Category.SIGHTING: MappingProxyType(_SIGHTING),
    Category.VEHICLE: MappingProxyType(_VEHICLE),
    Category.FOLLOW_UP: MappingProxyType(_FOLLOW_UP),
    Category.OPERATION: MappingProxyType(_OPERATION),
})  # fmt: skip
"""Every field of every category, with what it tells."""

if missing := set(FIELD_NAMES) - _HOTLIST.keys():
    raise RuntimeError(f"fields of a listing no agreement can name: {sorted(missing)}")


def known_fields(category: Category) -> frozenset[str]:
    """Names an agreement about ``category`` may hold."""
    return frozenset(FIELDS[category])


def unknown_fields(category: Category, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that ``category`` has not, in order."""
    return sorted(set(names) - FIELDS[category].keys())
