"""Any JSON or CSV by a mapping: its limits and what it says of a wrong one."""

import json

import pytest

from morina.sense.cameras.adapters import generic
from morina.sense.cameras.reports import Heartbeat, PayloadError, Report, Setup


def decoded(payload: bytes, **mapping: str) -> list[Report | Heartbeat]:
    return generic.decode(payload, {}, Setup(mapping=mapping))


def plates(payload: bytes, **mapping: str) -> list[str]:
    return [one.plate_raw for one in decoded(payload, **mapping) if isinstance(one, Report)]


def test_a_literal_key_goes_before_a_path() -> None:
    said = {"car.plate": "KT65XDW", "car": {"plate": "AA417KD"}}
    assert plates(json.dumps(said).encode(), plate="car.plate") == ["KT65XDW"]


def test_one_field_may_stand_in_two_places() -> None:
    payload = b"land,number\nAA,417 KD\n"
    assert plates(payload, plate="land + number") == ["AA 417 KD"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_that_of_the_first_line(sign: str) -> None:
    payload = sign.join(["plate", "at", "lane"]) + "\n" + sign.join(["KT65XDW", "", "1"]) + "\n"
    assert plates(payload.encode(), plate="plate", lane="lane") == ["KT65XDW"]


def test_the_delimiter_set_goes_before_the_one_found() -> None:
    assert plates(b"plate#a,b,c\nKT65XDW#1,2,3\n", plate="plate", delimiter="#") == ["KT65XDW"]


def test_a_delimiter_of_two_characters_is_refused() -> None:
    with pytest.raises(PayloadError, match="not one character"):
        decoded(b"plate\nKT65XDW\n", plate="plate", delimiter="::")


@pytest.mark.parametrize("form", ["%Y %Y", "%", "%!"])
def test_a_time_format_nobody_can_read_is_named(form: str) -> None:
    with pytest.raises(PayloadError, match="row 2, captured_at"):
        decoded(b"plate,at\nKT65XDW,2026\n", plate="plate", captured_at="at", time_format=form)


def test_one_of_several_time_formats_is_enough() -> None:
    mapping = {"plate": "p", "captured_at": "t", "time_format": "%d.%m.%Y %H:%M%z|%Y%m%d%H%M%z"}
    reports = decoded(b"p,t\nA1,14.03.2026 08:26Z\nA2,202603140826+0000\n", **mapping)
    assert len({one.captured_at for one in reports if isinstance(one, Report)}) == 1


def test_a_picture_at_the_top_is_not_decoded_for_hundreds_of_rows() -> None:
    said = {"picture": "/9j/2Q==", "rows": [{"n": "AA417KD"}] * 17}
    with pytest.raises(PayloadError, match="share one picture"):
        decoded(json.dumps(said).encode(), rows="rows", plate="n", overview="/picture")


def test_more_rows_than_can_be_taken_are_refused() -> None:
    with pytest.raises(PayloadError, match="more than 10000 rows"):
        decoded(b"plate\n" + b"AA417KD\n" * 10_001, plate="plate")


def test_more_columns_than_can_be_taken_are_refused() -> None:
    with pytest.raises(PayloadError, match="row 1 has more than 500 columns"):
        decoded(b"plate," * 501, plate="plate")


def test_a_broken_quote_names_its_row() -> None:
    with pytest.raises(PayloadError, match=r"row [23]"):
        decoded(b'plate,at\nKT65XDW,"' + b"x" * 200_000, plate="plate")
