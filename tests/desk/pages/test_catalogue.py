"""Every word of the desk is translated, and what other packages say is recognised."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import morina.desk
from morina.desk.map.layers import ATTRIBUTION
from morina.desk.said import SHAPES, translated
from morina.desk.words import LANGUAGES, LOCALES, Words, preferred
from morina.plates import NotAPlateError, plate_text
from morina.watch import RefusedFileError, parse_hotlist

KEYWORDS = {"t": None, "mark": None, "translate": None, "many": (1, 2)}
SOURCE = Path(morina.desk.__file__).parent
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]


def used() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(SOURCE, method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found} | {ATTRIBUTION}


def kept(language: str) -> list[Message]:
    with (LOCALES / language / "LC_MESSAGES" / "morina.po").open("rb") as source:
        return [message for message in read_po(source, locale=language) if message.id]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_catalogue_holds_just_the_texts_of_the_desk(language: str) -> None:
    in_catalogue = {m.id if isinstance(m.id, str) else tuple(m.id) for m in kept(language)}
    assert in_catalogue == used()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_each_text_is_translated_with_the_same_places_for_values(language: str) -> None:
    for message in kept(language):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        assert len(forms) == len(originals)
        for form in forms:
            assert form.strip(), f"{originals[0]!r} is not translated"
            assert placeholders(form) <= placeholders(originals[-1]), originals[0]
            assert placeholders(form) >= placeholders(originals[-1]) - {"n"}, originals[0]
        assert not message.fuzzy


def test_english_needs_no_catalogue_and_an_unknown_language_is_english() -> None:
    assert Words("en").many("{n} entry", "{n} entries", 2) == "2 entries"
    assert Words("xx").language == "en"


def test_values_are_put_into_the_translation() -> None:
    assert Words("sq")("by {name}", name="arta") == "nga arta"


@pytest.mark.parametrize(
    ("asked", "language"),
    [("sq-AL,en;q=0.8", "sq"), ("de, sq;q=0.5", "sq"), ("de", "en"), ("", "en")],
)
def test_a_visitor_is_greeted_in_the_browsers_language(asked: str, language: str) -> None:
    assert preferred(asked) == language


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_recognised_with_values_in_it(shape: str) -> None:
    values = {name: f"<{name}>" for name in placeholders(shape)}
    said = translated(shape.format(**values), Words("sq"))
    assert said == Words("sq")(shape, **values)
    assert said != shape.format(**values)


def test_an_unknown_message_stays_as_it_is() -> None:
    assert translated("something else happened", Words("sq")) == "something else happened"


@pytest.mark.parametrize("typed", ["", "AB?12", "A" * 13])
def test_what_is_wrong_with_a_plate_is_said_in_albanian(typed: str) -> None:
    with pytest.raises(NotAPlateError) as refused:
        plate_text(typed)
    assert translated(str(refused.value), Words("sq")) != str(refused.value)


ROW = {
    "plate": "AB12CDE",
    "country": "GB",
    "reason_code": "stolen",
    "subject_category": "suspect",
    "action": "stop",
    "owner_unit": "Unit",
    "contact_24h": "+1",
    "legal_basis": "Act",
    "created_by": "me",
    "valid_from": "2026-01-01T00:00:00Z",
    "valid_to": "2099-01-01T00:00:00Z",
    "review_at": "2099-01-01",
}
HEAD = ",".join(ROW)


def rows(*changes: dict[str, str]) -> str:
    """A file of as many rows, each with its changes."""
    return "\n".join([HEAD, *(",".join((ROW | change).values()) for change in changes), ""])


@pytest.mark.parametrize(
    "content",
    [
        rows({}, {}),
        rows({"country": "UK"}),
        rows({"country": "Albania"}),
        rows({"reason_code": "x", "subject_category": "", "valid_to": "2020-01-01T00:00:00Z"}),
        rows({"owner_unit": "=U()", "review_at": "2020-01-01"}),
        rows({"valid_from": "soon", "review_at": "2099-02-30"}),
        rows({"valid_from": "2026-01-01", "review_at": "tomorrow"}),
        rows({"valid_from": "2099-06-01T00:00:00Z"}),
        rows({"owner_unit": "Unit,more"}),
        rows({"owner_unit": '"Unit'}),
        rows({"owner_unit": "x" * 300, "contact_24h": "\x07"}),
        f"{HEAD},more,plate\n",
        "plate,country\n",
        "no columns at all",
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_albanian(content: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        parse_hotlist(content.encode(), "csv", now=datetime(2026, 3, 1, tzinfo=UTC))
    for error in refused.value.errors:
        assert translated(error.mend, Words("sq")) != error.mend
