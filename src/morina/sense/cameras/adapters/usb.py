"""Cameras on USB, through Video4Linux."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2

from morina.sense.cameras.adapters.opencv_stream import Grabbing, opened
from morina.sense.cameras.frames import Frame, SourceError, Waiting
from morina.sense.cameras.live import Pace, live
from morina.sense.cameras.sources import Source


@dataclass(frozen=True, slots=True)
class UsbCamera:
    """``usb:0`` or, staying the same whatever else is plugged in, ``usb:/dev/v4l/by-id/...``."""

    source: Source
    pace: Pace

    def frames(self) -> Iterator[Frame | Waiting]:
        """See FrameSource."""
        return live(self._connect, self.pace)

    def _connect(self) -> Grabbing:
        device = self.source.address
        name = int(device) if device.isdecimal() else device
        video = opened(lambda: cv2.VideoCapture(name, cv2.CAP_V4L2))
        if video is None:
            raise SourceError(
                f"{self.source.shown}: no such camera, or it is in use or not ours to open; "
                "look at /dev/video*, and at the group 'video' of the node's user"
            )
        return Grabbing(video, self.source.shown, self.pace.stall_s)
