"""MISB ST 0601 telemetry, bare or inside MPEG-TS, as a flight. Bytes in, values out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from statistics import median

from morina.sense.aerial.sources.klv_moment import SPREAD, Items, fault, moment, seconds
from morina.sense.aerial.sources.klv_packets import packets
from morina.sense.aerial.sources.klv_transport import Carried, Picture, is_transport, parted
from morina.sense.aerial.telemetry import Flight, Spread, Telemetry, TelemetryError

BARE = "MISB ST 0601"
IN_TRANSPORT = "MISB ST 0601 in MPEG-TS"

_PLACES = 5
"""Places of damaged packets that a note names."""

_BACK_S = 5.0
"""A picture so much earlier than one before it is of another recording in the same file."""


class Passed:
    """Packets passed over, by fault, and where."""

    def __init__(self) -> None:
        self._at: defaultdict[str, list[str]] = defaultdict(list)

    def over(self, why: str, where: str) -> None:
        """One more."""
        self._at[why].append(where)

    def notes(self) -> tuple[str, ...]:
        """One line for each fault."""
        return tuple(
            f"{len(places)} {'packet' if len(places) == 1 else 'packets'} passed over, {why}: at "
            + ", ".join(places[:_PLACES]) + (" and more" if len(places) > _PLACES else "")
            for why, places in sorted(self._at.items())
        )  # fmt: skip


def flight(chunks: Iterable[bytes], spread: Spread = SPREAD) -> Flight:
    """Of a file in pieces of any size; which of the two it is, is seen from its first bytes.

    TelemetryError where nothing in it can be used. What is damaged is passed over and noted.
    """
    pieces = iter(chunks)
    first = next(pieces, b"")
    if is_transport(first):
        return _of_transport(chain((first,), pieces), spread)
    return _of_bare(chain((first,), pieces), spread)


def usable(klv: Iterable[bytes], passed: Passed, where: str = "") -> Iterator[Items]:
    """What packets say. Others are entered in ``passed``, at ``where`` or else at their byte."""
    for packet in packets(klv):
        why = packet.fault or fault(packet.items)
        if why:
            passed.over(why, where or f"byte {packet.place}")
        else:
            yield packet.items


def _of_bare(chunks: Iterable[bytes], spread: Spread) -> Flight:
    passed = Passed()
    said = list(usable(chunks, passed))
    if not said:
        raise _nothing("byte 0", passed)
    begins = min(seconds(items) for items in said)
    made = [moment(items, seconds(items) - begins, spread) for items in said]
    return _flight(BARE, made, said, passed.notes())


def _of_transport(chunks: Iterable[bytes], spread: Spread) -> Flight:
    passed, shown = Passed(), Shown()
    notes: tuple[str, ...] = ()
    said: list[tuple[Carried, Items]] = []
    for piece in parted(chunks):
        match piece:
            case Picture(pts_s):
                if shown.is_past(pts_s):
                    notes = (_anew(shown),)
                    break
                shown.take(pts_s)
            case Carried(pts_s) if pts_s is not None and shown.is_past(pts_s):
                passed.over("of a time long past", f"{pts_s:.1f} s of its clock")
            case Carried(pts_s):
                where = "its beginning" if pts_s is None else f"{pts_s:.1f} s of its clock"
                said += [(_bare_of(piece), items) for items in usable([piece.klv], passed, where)]
    if not said:
        raise _nothing("the whole stream", passed)
    times = _times(said)
    begins = min(times) if shown.first is None else shown.first
    made = [moment(said[n][1], at - begins, spread) for n, at in enumerate(times)]
    return _flight(IN_TRANSPORT, made, [items for _, items in said], passed.notes() + notes)


class Shown:
    """When the first picture is shown, and the latest, by the stream's clock."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.last = 0.0

    def is_past(self, pts_s: float) -> bool:
        """Whether a time is long before what was shown."""
        return self.first is not None and pts_s < self.last - _BACK_S

    def take(self, pts_s: float) -> None:
        """A picture."""
        self.first = pts_s if self.first is None else min(self.first, pts_s)
        self.last = max(self.last, pts_s)


def _anew(shown: Shown) -> str:
    after = shown.last - (shown.first or 0.0)
    return f"its clock goes back after {after:.1f} s: what comes later is left out; cut it there"


def _bare_of(piece: Carried) -> Carried:
    return Carried(piece.pts_s, piece.timed, b"")


def _times(said: list[tuple[Carried, Items]]) -> list[float]:
    """On the stream's clock. A packet without a time is put there by its own clock and the middle
    of how far the pictures' was from it, as a packet may wait in the sender."""
    apart = [
        one.pts_s - seconds(items)
        for one, items in said if one.pts_s is not None and not one.timed
    ]  # fmt: skip
    between = median(apart) if apart else 0.0
    return [
        one.pts_s if one.timed and one.pts_s is not None else seconds(items) + between
        for one, items in said
    ]


def _flight(
    source: str, made: list[Telemetry], said: list[Items], notes: tuple[str, ...]
) -> Flight:
    if not any(136 in items for items in said):
        notes += ("no leap seconds are said (item 136): its clock is taken for UTC",)
    lacks = {
        "camera angles": all(one.camera is None for one in made),
        "field of view": all(one.view is None for one in made),
        "when the video began": source == BARE,
    }
    return Flight(
        source=source, telemetry=tuple(sorted(made, key=lambda one: one.at_s)),
        lacks=tuple(what for what, lacking in lacks.items() if lacking), notes=notes,
    )  # fmt: skip


def _nothing(place: str, passed: Passed) -> TelemetryError:
    seen = "; ".join(passed.notes()) or "no packet of MISB ST 0601 is in it"
    return TelemetryError(place, seen, "send the telemetry that the ground station recorded")
