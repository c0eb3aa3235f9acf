"""What was typed, read and listed, one under the other, each difference marked."""

from morina.alerts import Alert
from morina.desk.pages.markup import tag
from morina.desk.pages.plates import sign
from morina.desk.words import Words
from morina.plates import Plate, sign_of


def differing(text: str, listed: str) -> frozenset[int]:
    """The 1-based places at which two texts differ; a missing or extra character differs too."""
    longest = max(len(text), len(listed))
    pairs = zip(text.ljust(longest), listed.ljust(longest), strict=True)
    return frozenset(place for place, (one, other) in enumerate(pairs, 1) if one != other)


def show_comparison(alert: Alert, typed: str | None, t: Words) -> None:
    """A table of up to three lines, and each difference in words."""
    listed = alert.listed.listing.plate
    read = alert.read.plate
    lines: list[tuple[str, Plate]] = [(t("listed"), listed)]
    if read:
        lines.append((t("read"), read))
    if typed:
        lines.append((t("typed"), Plate(typed, listed.country)))
    width = max(len(plate.text) for _, plate in lines)
    with tag("div", "", "scroll"), tag("table", "", "compare"), tag("tbody"):
        for name, plate in lines:
            with tag("tr"):
                tag("th", name, scope="row")
                _characters(plate.text, differing(plate.text, listed.text), width)
                with tag("td", "", "country"):
                    if plate is not lines[-1][1] or not typed:
                        _country(plate.country, listed.country, t)
    with tag("ul", "", "differences"):
        for sentence in _sentences(alert, typed, t):
            tag("li", sentence)


def _characters(text: str, wrong: frozenset[int], width: int) -> None:
    for place, character in enumerate(text.ljust(width), 1):
        with tag("td"):
            if place in wrong:
                tag("mark", character if character != " " else "·", "differs")
            else:
                tag("span", character)


def _country(country: str | None, listed: str | None, t: Words) -> None:
    if country == listed:
        sign(country, t)
        return
    with tag("mark", "", "differs"):
        tag("span", sign_of(country) if country else t("not read"))


def _sentences(alert: Alert, typed: str | None, t: Words) -> list[str]:
    listed = alert.listed.listing.plate
    read = alert.read.plate
    said = _about_text(t("read"), read.text, listed.text, t) if read else []
    if typed:
        said += _about_text(t("typed"), typed, listed.text, t)
    country = read.country if read else None
    if country != listed.country:
        one = sign_of(country) if country else "?"
        other = sign_of(listed.country) if listed.country else "?"
        said.append(t("country: read {one}, listed {other}", one=one, other=other))
    return said or [t("No difference.")]


def _about_text(name: str, text: str, listed: str, t: Words) -> list[str]:
    if len(text) != len(listed):
        words = t("{name}: {n} characters, listed {m}", name=name, n=len(text), m=len(listed))
        return [words]
    return [
        t(
            "place {place}: {name} {one}, listed {other}",
            place=place,
            name=name,
            one=text[place - 1],
            other=listed[place - 1],
        )
        for place in sorted(differing(text, listed))
    ]
