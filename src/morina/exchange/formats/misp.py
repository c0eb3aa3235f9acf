"""Confirmed passages as a MISP event: a vehicle object each, its place, and a sighting.

MISP core format, https://www.misp-standard.org/rfc/misp-standard-core.html; object template
``vehicle`` version 5 of https://github.com/MISP/misp-objects. Sightings are numbered 0 seen,
1 false positive, 2 expiration; a passage a person confirmed is told as seen (0).
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from morina.exchange.formats.passage import Passage, refuse_partners

VEHICLE = ("vehicle", "683c076c-f695-4ff2-8efa-e98a418049f4", "5")
PLACE = ("geolocation", "cd6f2238-ba55-4888-82c4-104e6e1acf21", "8")
"""Name, template and version of the objects used."""

SEEN = "0"
_IDS = UUID("6f9d1c52-8f0d-4a3e-9a53-0c8b1ab9c0de")
"""Our name space: the same passage exported twice has the same ids, so MISP merges it."""


def event(passages: Sequence[Passage], event_id: UUID, info: str) -> bytes:
    """One MISP event, UTF-8 JSON. Distribution 0: whoever imports it shares it with nobody until a
    person there decides otherwise. ValueError without a passage, NotOursError for a partner's."""
    for one in passages:
        refuse_partners(one)
    if not passages:
        raise ValueError("there is no passage to tell; name one at least")
    newest = max(one.confirmed_at for one in passages)
    said = {
        "uuid": str(event_id), "info": info, "date": f"{newest:%Y-%m-%d}",
        "timestamp": _seconds(newest), "published": False, "analysis": "2",
        "threat_level_id": "4", "distribution": "0",
        "Object": [made for one in passages for made in (_vehicle(one), _place(one))],
    }  # fmt: skip
    return json.dumps({"Event": said}, ensure_ascii=False, indent=1).encode()


def _vehicle(one: Passage) -> dict[str, Any]:
    values = {
        "license-plate-number": one.plate, "make": one.make, "model": one.model,
        "exterior-color": one.colour, "state": one.country,
        "description": f"{one.reason}; {one.action}; seen at {one.camera}, {one.place}",
    }  # fmt: skip
    made = _object(VEHICLE, one, values)
    relation = {"object_relation_uuid": "", "comment": "", "relationship_type": "located",
                "referenced_uuid": str(_id(one, PLACE[0])), "object_uuid": made["uuid"],
                "uuid": str(_id(one, "located"))}  # fmt: skip
    made["ObjectReference"] = [{n: v for n, v in relation.items() if v}]
    plate = next(a for a in made["Attribute"] if a["object_relation"] == "license-plate-number")
    plate["Sighting"] = [{
        "uuid": str(_id(one, "sighting")), "type": SEEN, "source": one.camera,
        "date_sighting": _seconds(one.seen_at), "attribute_uuid": plate["uuid"],
    }]  # fmt: skip
    return made


def _place(one: Passage) -> dict[str, Any]:
    values = {"latitude": f"{one.latitude:.6f}", "longitude": f"{one.longitude:.6f}",
              "address": one.place}  # fmt: skip
    return _object(PLACE, one, values)


def _object(template: tuple[str, str, str], one: Passage, values: dict[str, str]) -> dict[str, Any]:
    name, template_id, version = template
    kinds = {"latitude": "float", "longitude": "float"}
    return {
        "uuid": str(_id(one, name)), "name": name, "template_uuid": template_id,
        "template_version": version, "meta-category": "misc", "distribution": "0",
        "timestamp": _seconds(one.confirmed_at), "first_seen": one.seen_at.isoformat(),
        "Attribute": [
            {
                "uuid": str(_id(one, f"{name}.{relation}")), "object_relation": relation,
                "type": kinds.get(relation, "text"), "category": "Other", "value": value,
                "to_ids": False, "distribution": "0", "timestamp": _seconds(one.confirmed_at),
            }
            for relation, value in values.items() if value
        ],
    }  # fmt: skip


def _id(one: Passage, part: str) -> UUID:
    return uuid5(_IDS, f"{one.alert_id}.{part}")


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))
