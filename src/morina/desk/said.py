"""What other packages say in English, said in the user's language.

Their messages carry values. Each is recognised by its shape, and the translated shape is filled
with the same values; a message of an unknown shape stays as it is.
"""

import re
from functools import cache

from morina.desk import (
    said_of_aerial,
    said_of_asking,
    said_of_exchange,
    said_of_fleet,
    said_of_flights,
    said_of_operations,
    said_of_people,
    said_of_records,
    said_of_tasks,
)
from morina.desk.words import Words, mark

SHAPES = (
    # plates
    mark("no plate text; give letters and digits such as AB12CDE"),
    mark(
        "character {character} at place {place} is not on any plate; use letters A-Z, ČĆŠŽĐÄÖÜ and"
        " digits"
    ),
    mark("{n} characters; a plate has at most {most}"),
    # alerts
    mark("the alert is {state}; a plate is typed while it is acknowledged"),
    mark("the alert is {state}; {step} cannot follow, {steps} can"),
    mark(
        "there is no picture of the plate this text was read from, so nobody can confirm it;"
        " reject it and say so"
    ),
    mark("the vehicle passed too long ago to send anybody; close the alert instead"),
    mark("a rejection needs a reason; say what you see"),
    mark("first type what you see on the plate patch"),
    mark(
        "you typed {typed}, listed is {listed} ({places}); type it again if you misread it, else"
        " reject"
    ),
    mark(
        "you typed {n} characters ({typed}), listed are {m} ({listed}); type it again if you"
        " misread it, else reject"
    ),
    # hotlists
    mark("there is a hotlist {name} already"),
    mark("{name} is empty; every hotlist needs one"),
    # fields of a listing
    mark("is empty; every listing needs it"),
    mark("{n} characters; shorten it to {most}"),
    mark("holds the character {code}; write plain text"),
    mark("a spreadsheet would run this; let it begin with a letter or a digit"),
    mark("is no country code; write {country}"),
    mark("two capital letters of ISO 3166-1 such as GB, XK for Kosovo"),
    mark("is none of {values}; write one of these"),
    mark("is no whole number from 0 to 100; write one, 100 is most urgent"),
    mark("is no time; write it such as 2026-03-01T08:00:00Z"),
    mark("has no time zone; add one, such as Z or +01:00"),
    mark("has a zone with seconds; write hours and minutes, such as +01:00"),
    mark("is no date; write it such as 2026-09-30"),
    mark("is no day of the calendar; write one such as 2026-09-30"),
    # whole listings and files
    mark("is listed already on line {line}; keep one of the two"),
    mark("is over; take the listing out, or ask its owner for a new end"),
    mark("is not after valid_from {start}; mend one of the two"),
    mark("is past; ask the owner to review the listing first"),
    mark("the file is UTF-16; save it as UTF-8"),
    mark("byte {place} ({byte}) is not UTF-8; save the file as UTF-8"),
    mark("more than {n} listings; split the file"),
    mark("{fault}; check the quotes from here on"),
    mark("{n} cells under {columns} columns; quote cells that hold commas"),
    mark("no columns separated by commas; begin the file with {columns}"),
    mark("is no column; take it out, or write one of {columns}"),
    mark("is there twice; take one out"),
    mark("is missing; add the column"),
    mark("is no field of a listing; take it out (docs/hotlists.md names them)"),
    mark("the file is neither CSV nor JSON"),
    mark("send a .csv or a .json file"),
    mark("the body is larger than {n} MB"),
    mark("send less at once; for uploads the limit is the setting upload_bytes"),
    mark("this node failed to answer (incident {number})"),
    mark("try again; if it stays, give the incident number to whoever runs the node"),
    # cameras
    mark("maker {maker} is unknown; choose one"),
    mark("nobody knocks under that id any more; look at the page again"),
    mark("time zone {zone} is unknown; write one such as Europe/Tirane"),
    mark(
        "identifier {camera_id} cannot be; begin with a letter or digit and write up to {most} of"
        " a-z, A-Z, 0-9, dot, dash and underscore"
    ),
    mark("place {latitude}, {longitude} is not on Earth"),
    mark("source {source}: {fault}"),
    mark("give one of {schemes}"),
    mark("the address is another now; write it with its user and password again"),
    mark("no host is named; write it as in rtsp://user:password@192.0.2.7/stream"),
    mark("no whole path is named; write it as in file:///srv/gate/"),
    mark("no device is named; write usb:0 or usb:/dev/video0"),
    mark("every must be seconds from 0.2 to 3600"),
    mark("it is not an address; a character such as @ or / in a password is written %40 or %2F"),
    mark(
        "leads to this machine or its link, where no camera is; write the camera's own address, or"
        " set cameras.may_be_local where it really is there"
    ),
    mark(
        "no source may lie there; put files of a camera into a folder of their own, outside the"
        " home and within cameras.files"
    ),
    *said_of_asking.SHAPES,
    *said_of_exchange.SHAPES,
    *said_of_people.SHAPES,
    *said_of_records.SHAPES,
    *said_of_operations.SHAPES,
    *said_of_aerial.SHAPES,
    *said_of_fleet.SHAPES,
    *said_of_flights.SHAPES,
    *said_of_tasks.SHAPES,
)  # fmt: skip


def translated(message: str, t: Words) -> str:
    """``message`` in the language of ``t``."""
    for shape, pattern in _patterns():
        if fits := pattern.fullmatch(message):
            values = {name: _value(name, value, t) for name, value in fits.groupdict().items()}
            return t(shape, **values)
    return message


def _value(name: str, value: str, t: Words) -> str:
    """``what`` may be several things, joined by commas."""
    return ", ".join(map(t, value.split(", "))) if name == "what" else t(value)


def translated_parts(message: str, t: Words) -> str:
    """What is joined by semicolons, part by part."""
    return "; ".join(translated(part, t) for part in message.split("; "))


def translated_sentences(message: str, t: Words) -> str:
    """Several sentences, one by one."""
    sentences = re.split(r"(?<=\.) (?=[A-Z0-9])", message)
    return " ".join(translated(sentence, t) for sentence in sentences)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((shape, _pattern(shape)) for shape in SHAPES)


def _pattern(shape: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", shape)
    names = [f"(?P<{part}>.*?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(names), re.DOTALL)
