"""What other packages say in English, said in the user's language.

Their messages carry values. Each is recognised by its shape, and the translated shape is filled
with the same values; a message of an unknown shape stays as it is.
"""

import re
from functools import cache

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
    # accounts
    mark("name and password do not fit; try again"),
    mark("too many tries; wait up to 15 minutes and try again"),
    mark("a password has {least} to {most} characters"),
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
    # audits
    mark("a period needs times with a zone; add one, such as Z"),
    mark("the period ends before it begins; mend one of the two"),
    mark(
        "{captured} captured of {counted} counted cannot be; count at least one vehicle, and of"
        " those the captured ones"
    ),
    # questions to the records
    mark("cancelled"),
    mark("it took too long; ask for less time or fewer cameras"),
    mark("it could not be written down, so nothing is shown; ask again when the node is well"),
    mark("the node failed to answer it, which was logged; ask again, or tell who runs the node"),
    mark("whether cameras were down meanwhile could not be told in time"),
    # questions to the records
    mark("cancelled"),
    mark("it took too long; ask for less time or fewer cameras"),
    mark("it could not be written down, so nothing is shown; ask again when the node is well"),
    mark(
        "the node failed to answer it, which was logged; ask again, or tell who runs the node"
    ),
    mark("begins too long ago; begin it at most {days} days ago (setting search.days_back)"),
    mark("ends in the future; end it now"),
    mark(
        "character {character} at place {place} is not on any plate; use letters, digits, ? for one"
        " character and * for any number"
    ),
    mark("{n} fixed characters in {pattern}; give at least {least}"),
    mark("{n} characters; give at least {least}"),
    mark("{n} characters or more; a plate has at most {most}"),
    mark("is no day; choose one"),
    mark("is no time; choose day and time"),
    mark("is no time; write it such as 22:30"),
    mark("is not asked for; empty it, or choose a plate"),
    mark("is not chosen; choose a site or a camera"),
    mark("no camera stands at {site}; choose one that `morina camera list` shows"),
    mark("holds no camera; choose another place, or cameras by id"),
    mark("whether cameras were down meanwhile could not be told in time"),
    # who travelled with a vehicle
    mark(
        "{n} passages of {plate} on {journeys} journeys; {others} other vehicles passed within"
        " {seconds} s of one"
    ),
    mark("only its newest {n} passages were looked at; ask for less time"),
    mark("{n} passages at cameras whose place is not known were left out"),
    mark("{n} more were met at enough places, and were not scored"),
    mark("met at {places} of {of_places} places on {journeys} of {all} journeys"),
    mark(
        "its text is like the target's and was read with it: perhaps the target misread"
    ),
    mark("one journey shared is what traffic does, so it says nothing"),
    mark("not scored, for others were met on more journeys"),
    mark(
        "by chance {n} journeys expected, from its own passages there and the flow of each site"
    ),
    mark("of {n} vehicles compared, such a coincidence is expected {times} times"),
    # impossible journeys
    mark(
        "Read at camera {one} and {span} later at camera {other}, {km} km away: {kmh} km/h, and"
        " {most} km/h is the most taken as possible there."
    ),
    mark("The clock of {camera} was wrong, so the times say nothing."),
    mark(
        "{n} plates were too fast between these cameras at about that time: the clock or the place"
        " of a camera is wrong."
    ),
    mark("Look at both first."),
    mark("Look at {camera} first."),
    mark("No other plate that could be taken for this one fits either place."),
    mark("The country was not read: two countries may have issued this text."),
    mark("The make agrees: {one}, {other}."),
    mark("The make differs: {one}, {other}."),
    mark("The colour agrees: {one}, {other}."),
    mark("The colour differs: {one}, {other}."),
    mark("Two vehicles may bear this plate, and its keeper may be innocent."),
    mark(
        "Likely a misread of {plate} at camera {camera}: that plate was read at camera {other}"
        " {span} later, {n} times in all within {minutes} min."
    ),
    mark(
        "Likely a misread of {plate} at camera {camera}: that plate was read at camera {other}"
        " {span} before, {n} times in all within {minutes} min."
    ),
    mark(
        "Likely a misread of {plate} at camera {camera}: that plate passed this camera on {n} of"
        " the last {days} days."
    ),
    mark("of two cameras with a clock or place fault, one journey a day is shown"),
    mark(
        "{n} journeys or more were too fast on a day: of that day only the last are judged; look"
        " at the places of the cameras first"
    ),
    mark(
        "the reason has to be {least} words or more and {most} characters at most; say what was"
        " seen"
    ),
    mark("review_on is not after today; say when to look again"),
    mark("{plate} is labelled already; withdraw that label first, if it is to be said anew"),
    # two places
    mark("{n} vehicles in all"),
    mark("passages are told apart by text as it was read; countries and corrections are not"),
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
)  # fmt: skip


def translated(message: str, t: Words) -> str:
    """``message`` in the language of ``t``."""
    for shape, pattern in _patterns():
        if fits := pattern.fullmatch(message):
            values = {name: t(value) for name, value in fits.groupdict().items()}
            return t(shape, **values)
    return message


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
