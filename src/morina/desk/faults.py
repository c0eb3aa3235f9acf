"""What is wrong with a camera and how to mend it, in the user's language."""

from collections.abc import Mapping

from morina.desk.spans import span
from morina.desk.words import Words, mark
from morina.sense.cameras.condition import Fault, Finding

SAYS: Mapping[Fault, str] = {
    Fault.SILENT: mark("no picture for {minutes} min; last error: {error}"),
    Fault.FEW: mark("{n} passages in {hours} h, about {usual} are usual then"),
    Fault.UNREAD: mark("{n} of {of} passages unread since {since}, usual are {usual}"),
    Fault.UNSURE: mark("confidence {now} since {since}, usual is {usual}"),
    Fault.TURNED: mark("plates {change} wide since {since}, usual are {usual} pixels"),
    Fault.NIGHT: mark("{night} of the passages unread by night, {day} by day"),
    Fault.DARK: mark("the picture shows nothing: brightness {light}, spread {spread}"),
    Fault.CLOCK: mark("the clock is {span} behind"),
    Fault.DISPUTED: mark("camera and node read {n} of {of} plates differently since {since}"),
    Fault.LATE: mark(
        "reads arrive after {seconds} s: {camera} s from the camera, {link} s on the link"
    ),
}

AHEAD = mark("the clock is {span} ahead")

MENDS: Mapping[Fault, str] = {
    Fault.SILENT: mark(
        "look at the camera's power, cable and network, then at its address and password"
    ),
    Fault.FEW: mark(
        "look at its picture: is it covered, turned or dazzled? If every camera there sees as"
        " little, the road may be closed or the link cut"
    ),
    Fault.UNREAD: mark("clean the lens, then look at focus and shutter in its picture"),
    Fault.UNSURE: mark("clean the lens, then look at focus in its picture"),
    Fault.TURNED: mark("look at where it points and at its zoom, and set them back"),
    Fault.NIGHT: mark("look at its infrared lamp, and at exposure by night"),
    Fault.DARK: mark("is it covered, is its lamp out, is its iris shut?"),
    Fault.CLOCK: mark("set a time server (NTP) in the camera, and look at its time zone"),
    Fault.DISPUTED: mark(
        "look at some of these reads to see who is wrong; clean and refocus, or have the camera's"
        " own software looked at"
    ),
    Fault.LATE: mark(
        "look at the network to the camera and at the link of the site; a wrong clock looks alike"
    ),
}


def said(finding: Finding, t: Words) -> str:
    """What is wrong."""
    if finding.fault is Fault.CLOCK:
        return clock_said(float(finding.values["seconds"]), t)
    return t(SAYS[finding.fault], **finding.values)


def clock_said(behind_s: float, t: Words) -> str:
    """How far a clock is behind, or ahead where ``behind_s`` is below zero."""
    return t(AHEAD if behind_s < 0 else SAYS[Fault.CLOCK], span=span(abs(behind_s), t))


def mend(finding: Finding, t: Words) -> str:
    """What to do."""
    return t(MENDS[finding.fault])
