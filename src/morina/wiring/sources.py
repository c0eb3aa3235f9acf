"""Where followed cameras' frames come from, by the kind of their address. Loads no database."""

import os
from collections.abc import Callable, Mapping

from morina.sense.cameras.adapters import rtsp_asking
from morina.sense.cameras.adapters.folder import Folder
from morina.sense.cameras.adapters.mjpeg import MjpegStream
from morina.sense.cameras.adapters.opencv_stream import OpenCvStream
from morina.sense.cameras.adapters.snapshot import Snapshots
from morina.sense.cameras.adapters.usb import UsbCamera
from morina.sense.cameras.adapters.video_file import VideoFile
from morina.sense.cameras.frames import FrameSource, SourceError
from morina.sense.cameras.left_files import Keep
from morina.sense.cameras.live import Pace
from morina.sense.cameras.reach import ANYWHERE, OutOfReachError, Reach
from morina.sense.cameras.sources import Kind, Source, parse
from morina.settings import Reading, Settings

_OPENED: Mapping[Kind, Callable[[Source, Pace], FrameSource]] = {
    Kind.RTSP: lambda source, pace: OpenCvStream(source, pace, rtsp_asking.why),
    Kind.MJPEG: MjpegStream,
    Kind.SNAPSHOT: Snapshots,
    Kind.USB: UsbCamera,
}


def opener(reading: Reading, reach: Reach = ANYWHERE) -> Callable[[str], FrameSource]:
    """What turns a source's address into its frames, SourceError where it is out of ``reach``.

    FFmpeg's own words are kept out of logs.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    pace = Pace(reading.frames_per_s, float(reading.stall_s))

    def opened(source: str) -> FrameSource:
        parsed = within(reach, parse(source))
        if parsed.kind is Kind.FILE:
            return VideoFile.of(source)
        if parsed.kind is Kind.FOLDER:
            return Folder(parsed, pace, keep_of(reading))
        return _OPENED[parsed.kind](parsed, pace)

    return opened


def within(reach: Reach, source: Source) -> Source:
    """A source at the address it was found at; SourceError where that is out of reach.

    An unknown name passes: whoever opens it says so in its own words, and asks again for it.
    """
    try:
        return reach.opened(source)
    except OutOfReachError as error:
        raise SourceError(str(error)) from None
    except OSError:
        return source


def reach_of(settings: Settings) -> Reach:
    """What cameras' addresses may lead to."""
    return Reach(settings.cameras.may_be_local, settings.home.resolve(), settings.cameras.files)


def keep_of(reading: Reading) -> Keep:
    """For how long files dealt with are kept."""
    return Keep(reading.taken_hours * 3600, reading.refused_hours * 3600)
