"""Passages as MISP reads them: loaded with pymisp, the maker's own library."""

import json
from uuid import UUID, uuid4

import pytest
from pymisp import MISPEvent, MISPObject

from morina.exchange.formats import NotOursError, misp
from told_passages import SEEN, a_passage

EVENT_ID = UUID(int=99)


def loaded(*numbers: int) -> MISPEvent:
    event = MISPEvent()
    event.load(misp.event([a_passage(one) for one in numbers], EVENT_ID, "two passages").decode())
    return event


def test_pymisp_loads_it_with_a_vehicle_and_a_place_for_each_passage() -> None:
    event = loaded(1, 2)
    assert (event.uuid, event.info, int(event.distribution)) == (str(EVENT_ID), "two passages", 0)
    assert [one.name for one in event.objects] == ["vehicle", "geolocation"] * 2
    vehicle = event.objects[0]
    assert (vehicle.template_uuid, str(vehicle.template_version)) == misp.VEHICLE[1:]
    values = {one.object_relation: one.value for one in vehicle.attributes}
    assert values["license-plate-number"] == "AB12CDE"
    assert (values["make"], values["exterior-color"]) == ("Ford", "silver")
    [sighting] = vehicle.get_attributes_by_relation("license-plate-number")[0].sightings
    assert (str(sighting.type), int(sighting.date_sighting)) == ("0", int(SEEN.timestamp()))
    assert vehicle.references[0].referenced_uuid == event.objects[1].uuid


def test_the_objects_are_as_the_makers_templates_say() -> None:
    for made in loaded(1).objects:
        template = MISPObject(made.name, strict=True)
        assert (template.template_uuid, str(template.template_version)) == (
            made.template_uuid, str(made.template_version)
        )  # fmt: skip
        known = {one["object_relation"] for one in made.to_dict()["Attribute"]}
        assert known <= set(template._definition["attributes"])
        for one in made.attributes:
            kept = template.add_attribute(one.object_relation, value=one.value)
            assert kept is not None and kept.type == one.type
        json.loads(template.to_json(strict=True))


def test_the_same_passage_has_the_same_ids_every_time() -> None:
    assert [one.uuid for one in loaded(1).objects] == [one.uuid for one in loaded(1, 2).objects][:2]


def test_without_a_passage_there_is_no_event() -> None:
    with pytest.raises(ValueError, match="no passage"):
        misp.event([], EVENT_ID, "nothing")


def test_a_partners_entry_is_given_to_no_other_system() -> None:
    with pytest.raises(NotOursError, match="an entry of GB"):
        misp.event([a_passage(), a_passage(2, owner="GB")], uuid4(), "two cars")
