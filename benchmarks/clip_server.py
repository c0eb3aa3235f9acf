"""An RTSP server that plays an encoded film again and again; run with Debian's python3.

    /usr/bin/python3 clip_server.py PORT FOLDER FPS PLACES

The folder holds the film's access units, H.264 byte stream, a file each, in the order of their
names and without B-frames. rtsp://127.0.0.1:PORT/0 begins it at its beginning, /1 one part of
``PLACES`` later, and so on, each for all who look. Nothing is encoded while it plays. "ready" is
printed once it serves; it ends with standard input.
"""

import itertools
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

LAUNCH = (
    "( appsrc name=film format=time max-buffers=2 max-bytes=0 "
    "caps=video/x-h264,stream-format=byte-stream,alignment=au,framerate={fps}/1 ! "
    "h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


def factory(units: list[bytes], begin: int, fps: int) -> GstRtspServer.RTSPMediaFactory:
    """The film from its unit ``begin`` on, one player for all who look."""
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(LAUNCH.format(fps=fps))
    made.set_shared(True)
    made.connect("media-configure", lambda _, media: play(media, units, begin, fps))
    return made


def play(media: GstRtspServer.RTSPMedia, units: list[bytes], begin: int, fps: int) -> None:
    """Give the player a unit whenever it asks for one."""
    film: Iterator[bytes] = itertools.cycle(units[begin:] + units[:begin])
    numbers = itertools.count()

    def give(source: Gst.Element, _: int) -> None:
        buffer = Gst.Buffer.new_wrapped(next(film))
        buffer.pts = buffer.dts = next(numbers) * Gst.SECOND // fps
        buffer.duration = Gst.SECOND // fps
        source.emit("push-buffer", buffer)

    media.get_element().get_by_name("film").connect("need-data", give)


def main(port: str, folder: str, fps: str, places: str) -> None:
    """Serve until standard input ends."""
    Gst.init(None)
    units = [one.read_bytes() for one in sorted(Path(folder).iterdir())]
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    for place in range(int(places)):
        begin = len(units) * place // int(places)
        server.get_mount_points().add_factory(f"/{place}", factory(units, begin, int(fps)))
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
