"""The rendered sortie as a file: MPEG-TS with its telemetry inside, as a drone's recorder gives."""

from collections.abc import Iterable
from pathlib import Path

import cv2

from morina.demo.aerial.filming import HEIGHT, WIDTH, Filmed
from morina.demo.traffic import VideoWriteError
from morina.sense.aerial import Telemetry
from morina.sense.aerial.sources.klv_out import muxed, packets

_CODEC = "mp4v"
"""MPEG-4 part 2: what OpenCV's encoder writes into MPEG-TS at any rate of pictures."""


def write_sortie(path: Path, films: Iterable[Filmed], fps: float) -> int:
    """Write it; how many pictures. VideoWriteError where it cannot be written."""
    bare, said = path.with_name(f"{path.stem}-bare.ts"), list[Telemetry]()
    try:
        _write_pictures(bare, films, fps, said)
        path.write_bytes(b"".join(muxed([bare.read_bytes()], packets(said))))
    except OSError as error:
        raise VideoWriteError(f"cannot write {path}: {error}") from error
    finally:
        bare.unlink(missing_ok=True)
    return len(said)


def _write_pictures(bare: Path, films: Iterable[Filmed], fps: float, said: list[Telemetry]) -> None:
    writer = cv2.VideoWriter(str(bare), cv2.VideoWriter.fourcc(*_CODEC), fps, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise VideoWriteError(f"cannot write {bare}; is the folder there and the disk not full?")
    try:
        for one in films:
            writer.write(cv2.cvtColor(one.image, cv2.COLOR_GRAY2BGR))
            said.append(one.said)
    finally:
        writer.release()
