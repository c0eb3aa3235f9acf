"""The mapping table names every field that is told of a vehicle or sighting, and no other."""

import re
from pathlib import Path

import pytest

from morina.exchange.fields import FIELDS
from morina.exchange.kinds import Category

PAGE = (Path(__file__).parents[2] / "docs" / "niem.md").read_text()
READ = {
    "nc:ConveyanceColorPrimaryText", "nc:CountryCode", "nc:Date", "nc:DateTime",
    "nc:DescriptionText", "nc:ItemCategoryText", "nc:ItemImage", "nc:ItemMakeName",
    "nc:ItemModelName", "nc:ItemStatus", "nc:Location", "nc:Location2DGeospatialCoordinate",
    "nc:Vehicle", "nc:VehicleIdentification", "j:ConveyanceRegistrationPlateIdentification",
}  # fmt: skip
"""Names read in the model; another is added here once it was read there."""


def rows(title: str) -> dict[str, tuple[str, str]]:
    part = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", part, re.MULTILINE)
    return {name: (said, niem) for name, said, niem in found}


@pytest.mark.parametrize(
    ("title", "category"), [("Sightings", Category.SIGHTING), ("Vehicles", Category.VEHICLE)]
)
def test_every_field_has_its_line(title: str, category: Category) -> None:
    found = rows(title)
    assert found.keys() == FIELDS[category].keys()
    assert {name: said for name, (said, _) in found.items()} == dict(FIELDS[category])


def test_only_names_that_were_read_are_given() -> None:
    given = set(re.findall(r"\b(?:nc|j):\w+", PAGE))
    assert given <= READ
