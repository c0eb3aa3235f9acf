"""What is counted of cameras that read plates themselves (docs/cameras/push.md)."""

from collections.abc import Iterable

from prometheus_client import Counter

from morina.sense import Read

REPORTS = Counter(
    "morina_camera_reports", "Passages a camera reported, repeats included.", ["camera"]
)
REPEATS = Counter(
    "morina_camera_repeats", "Reports that said nothing new of a passage already known.", ["camera"]
)
BAD_PAYLOADS = Counter(
    "morina_camera_bad_payloads", "Payloads a camera's adapter refused.", ["camera"]
)
KNOCKS = Counter("morina_camera_knocks", "Pushes of unknown cameras, refused.")
DISPUTED = Counter(
    "morina_camera_disputed_reads",
    "Reads of which the camera and Morina read different texts.",
    ["camera"],
)
COMPARED = Counter(
    "morina_camera_compared_reads", "Reads of which both the camera and Morina read a text.",
    ["camera"],
)  # fmt: skip


def count_compared(reads: Iterable[Read]) -> None:
    """Count the reads of which there are two readings, and those in dispute."""
    for read in reads:
        if None not in (read.said and read.said.text, read.own and read.own.text):
            COMPARED.labels(read.camera_id).inc()
            DISPUTED.labels(read.camera_id).inc(int(read.disputed))
