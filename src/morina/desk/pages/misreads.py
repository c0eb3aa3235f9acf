"""Which misreads an entry would accept, and how often that would be in vain."""

from itertools import islice

from babel.numbers import format_decimal

from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.desk.words import Words
from morina.plates import NotAPlateError, Plate, count_look_alikes
from morina.watch import accepted_misreads, expected_false_hits_a_day, landing_share

SHOWN = 48


def show_misreads(typed: str, visit: Visit) -> None:
    """The forecast for a plate as typed; a plain hint while it is none yet."""
    t, limits = visit.t, visit.services.limits
    try:
        plate = Plate.of(typed)
    except NotAPlateError:
        tag("p", t("Type a plate to see which other texts would raise an alert."), "muted")
        return
    n = count_look_alikes(plate.text, limits.look_alike_swaps)
    swaps = t.many(
        "With {n} look-alike character allowed,",
        "With up to {n} look-alike characters allowed,",
        limits.look_alike_swaps,
    )
    accepts = t.many("one other text is accepted.", "{n} other texts are accepted.", n)
    tag("p", f"{swaps} {accepts}")
    expected = expected_false_hits_a_day(
        limits.reads_a_day, limits.misread_share, landing_share([plate], limits.look_alike_swaps)
    )
    tag("p", how_often(expected, t), "note")
    with tag("ul", "", "misreads text"):
        for text in islice(accepted_misreads(plate, limits.look_alike_swaps), SHOWN):
            tag("li", text)
    if n > SHOWN:
        tag("p", t("and {n} more", n=n - SHOWN), "muted")


def how_often(a_day: float, t: Words) -> str:
    """Expected false hits in words; an order of magnitude, so no more than one figure."""
    if a_day >= 1:
        number = format_decimal(round(a_day), locale=t.language)
        return t("≈ {n} false hits a day (estimate)", n=number)
    days = 1 / a_day if a_day else 0
    if 0 < days < 365:
        number = format_decimal(round(days), locale=t.language)
        return t("≈ one false hit in {n} days (estimate)", n=number)
    return t("less than one false hit a year (estimate)")
