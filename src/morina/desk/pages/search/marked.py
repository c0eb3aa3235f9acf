"""A plate's text with what differs from the one asked for, marked and said."""

from collections.abc import Sequence

from morina.desk.pages.markup import tag
from morina.desk.words import Words
from morina.records.patterns import Difference


def show_marked(text: str, differences: Sequence[Difference]) -> None:
    """The characters; a missing one shows as a marked dot."""
    wrong = {one.place for one in differences if one.read}
    missing = {one.place for one in differences if not one.read}
    with tag("span", "", "text"):
        for place in range(1, len(text) + 2):
            if place in missing:
                tag("mark", "·", "differs")
            character = text[place - 1 : place]
            if character and place in wrong:
                tag("mark", character, "differs")
            elif character:
                tag("span", character)


def difference_words(differences: Sequence[Difference], t: Words) -> str:
    """Every difference; empty where there is none."""
    return "; ".join(_words(one, t) for one in differences)


def _words(one: Difference, t: Words) -> str:
    values = {"place": one.place, "read": one.read, "asked": one.asked}
    if not one.asked:
        return t("one character more at place {place}: {read}", place=one.place, read=one.read)
    if not one.read:
        return t(
            "one character fewer: {asked} of place {place} is missing",
            place=one.place,
            asked=one.asked,
        )
    return t("{read} at place {place} instead of {asked}", **values)
