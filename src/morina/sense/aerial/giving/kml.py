"""Sorties, footprints and tracks as KML 2.2 (OGC 07-147r2), for whoever looks at maps with that.

Made of the same features as the GeoJSON, so both say the same.
"""

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from morina.sense.aerial.giving.geojson import Feature

NAMESPACE = "http://www.opengis.net/kml/2.2"
RENDERED = "Made by a program, not flown: no real place and nobody real."

_STYLES = {"Polygon": "seen", "LineString": "way", "Point": "way"}


def document(name: str, folders: Sequence[tuple[str, Sequence[Feature]]]) -> bytes:
    """One document; ``folders``: a title and its features. UTF-8 with its declaration."""
    root = Element("kml", {"xmlns": NAMESPACE})
    made = SubElement(root, "Document")
    SubElement(made, "name").text = plain(name)
    _styles(made)
    for title, features in folders:
        folder = SubElement(made, "Folder")
        SubElement(folder, "name").text = plain(title)
        for feature in features:
            _placemark(folder, feature)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def plain(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(one for one in text if one.isprintable())


def _styles(made: Element) -> None:
    seen = SubElement(made, "Style", {"id": "seen"})
    SubElement(SubElement(seen, "LineStyle"), "color").text = "ffb0722a"
    SubElement(SubElement(seen, "PolyStyle"), "color").text = "402a72b0"
    way = SubElement(made, "Style", {"id": "way"})
    SubElement(SubElement(way, "LineStyle"), "width").text = "3"


def _placemark(folder: Element, feature: Feature) -> None:
    """In the order the schema wants; nothing where a feature has no place."""
    about, shape = feature["properties"], feature["geometry"]
    if shape is None:
        return
    made = SubElement(folder, "Placemark")
    SubElement(made, "name").text = plain(_title(feature))
    if about.get("rendered"):
        SubElement(made, "description").text = RENDERED
    _time(made, about)
    SubElement(made, "styleUrl").text = f"#{_STYLES[shape['type']]}"
    data = SubElement(made, "ExtendedData")
    for key, value in about.items():
        if value is not None:
            one = SubElement(data, "Data", {"name": key})
            SubElement(one, "value").text = plain(str(value))
    _shape(made, shape)


def _title(feature: Feature) -> str:
    about = feature["properties"]
    return str(
        about.get("named") or about.get("kind") or about.get("name") or feature.get("id", "")
    )


def _time(made: Element, about: dict[str, Any]) -> None:
    if about.get("start"):
        span = SubElement(made, "TimeSpan")
        SubElement(span, "begin").text = about["start"]
        SubElement(span, "end").text = about["end"]
    elif about.get("at"):
        SubElement(SubElement(made, "TimeStamp"), "when").text = about["at"]


def _shape(made: Element, shape: Feature) -> None:
    one, places = SubElement(made, shape["type"]), shape["coordinates"]
    if shape["type"] != "Point":
        SubElement(one, "tessellate").text = "1"
    if shape["type"] == "Polygon":
        for number, ring in enumerate(places):
            side = "innerBoundaryIs" if number else "outerBoundaryIs"
            _coordinates(SubElement(SubElement(one, side), "LinearRing"), ring)
    else:
        _coordinates(one, [places] if shape["type"] == "Point" else places)


def _coordinates(one: Element, places: Sequence[Sequence[float]]) -> None:
    SubElement(one, "coordinates").text = " ".join(f"{p[0]},{p[1]}" for p in places)
