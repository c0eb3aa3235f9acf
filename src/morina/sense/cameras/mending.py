"""What each fault of a camera is called, and how to mend it, in English.

The desk says the same in its users' languages (``morina.desk.faults``; a test holds them together).
"""

from collections.abc import Mapping

from morina.sense.cameras.condition import Fault, Finding
from morina.sense.cameras.spans import shape

SAYS: Mapping[Fault, str] = {
    Fault.SILENT: "no picture for {minutes} min; last error: {error}",
    Fault.FEW: "{n} passages in {hours} h, about {usual} are usual then",
    Fault.UNREAD: "{n} of {of} passages unread since {since}, usual are {usual}",
    Fault.UNSURE: "confidence {now} since {since}, usual is {usual}",
    Fault.TURNED: "plates {change} wide since {since}, usual are {usual} pixels",
    Fault.NIGHT: "{night} of the passages unread by night, {day} by day",
    Fault.DARK: "the picture shows nothing: brightness {light}, spread {spread}",
    Fault.CLOCK: "the clock is {span} behind",
    Fault.DISPUTED: "camera and node read {n} of {of} plates differently since {since}",
    Fault.LATE: "reads arrive after {seconds} s: {camera} s from the camera, {link} s on the link",
}

AHEAD = "the clock is {span} ahead"
"""In the place of what ``Fault.CLOCK`` says, where its ``seconds`` are below zero."""

MENDS: Mapping[Fault, str] = {
    Fault.SILENT: "look at the camera's power, cable and network, then at its address and password",
    Fault.FEW: "look at its picture: is it covered, turned or dazzled? If every camera there sees"
    " as little, the road may be closed or the link cut",
    Fault.UNREAD: "clean the lens, then look at focus and shutter in its picture",
    Fault.UNSURE: "clean the lens, then look at focus in its picture",
    Fault.TURNED: "look at where it points and at its zoom, and set them back",
    Fault.NIGHT: "look at its infrared lamp, and at exposure by night",
    Fault.DARK: "is it covered, is its lamp out, is its iris shut?",
    Fault.CLOCK: "set a time server (NTP) in the camera, and look at its time zone",
    Fault.DISPUTED: "look at some of these reads to see who is wrong; clean and refocus, or have"
    " the camera's own software looked at",
    Fault.LATE: "look at the network to the camera and at the link of the site; a wrong clock"
    " looks alike",
}


def says(finding: Finding) -> str:
    """What is wrong."""
    if finding.fault is Fault.CLOCK:
        behind_s = float(finding.values["seconds"])
        words, numbers = shape(abs(behind_s))
        said = AHEAD if behind_s < 0 else SAYS[Fault.CLOCK]
        return said.format(span=words.format(**numbers))
    return SAYS[finding.fault].format(**finding.values)


def mend(finding: Finding) -> str:
    """What to do."""
    return MENDS[finding.fault]
