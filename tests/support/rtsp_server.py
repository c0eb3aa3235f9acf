"""An RTSP server in a process of its own; run with Debian's python3, which has GStreamer's.

    /usr/bin/python3 rtsp_server.py PORT CODEC WIDTH HEIGHT FPS [user:password] [folder] [pattern]

The picture is a moving ball, or another pattern of GStreamer's videotestsrc, at
rtsp://127.0.0.1:PORT/road; the folder holds cert.pem and key.pem for TLS. "stall" on standard
input stops the frames but not the connection; "ready" is printed once it serves.
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

ENCODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={fps} ! "
    "h264parse ! rtph264pay name=pay0 pt=96 config-interval=1",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max={fps} ! "
    "h265parse ! rtph265pay name=pay0 pt=96 config-interval=1",
    "vp8": "vp8enc deadline=1 ! rtpvp8pay name=pay0 pt=96",
}
stalled = threading.Event()


def hold(_pad: Gst.Pad, _info: Gst.PadProbeInfo) -> Gst.PadProbeReturn:
    """Nothing passes while stalled."""
    return Gst.PadProbeReturn.DROP if stalled.is_set() else Gst.PadProbeReturn.OK


def watch(_factory: object, media: GstRtspServer.RTSPMedia) -> None:
    """Let standard input stop this stream."""
    pay = media.get_element().get_by_name("pay0")
    pay.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, hold)


def factory(
    codec: str, size: tuple[int, int], fps: int, pattern: str
) -> GstRtspServer.RTSPMediaFactory:
    """One encoder for all who look, or a file played again and again."""
    made = GstRtspServer.RTSPMediaFactory()
    width, height = size
    made.set_launch(
        f"( videotestsrc is-live=true pattern={pattern} ! video/x-raw,format=I420,width={width},"
        f"height={height},framerate={fps}/1 ! " + ENCODERS[codec].format(fps=fps) + " )"
    )
    made.set_shared(True)
    made.connect("media-configure", watch)
    return made


def protect(server: GstRtspServer.RTSPServer, login: str, tls: str) -> None:
    """Ask for a login, and speak TLS."""
    auth = GstRtspServer.RTSPAuth()
    if login:
        user, password = login.split(":", 1)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    if tls:
        auth.set_tls_certificate(
            Gio.TlsCertificate.new_from_files(f"{tls}/cert.pem", f"{tls}/key.pem")
        )
    server.set_auth(auth)


def main(  # noqa: PLR0913 - a command's arguments
    port: str,
    codec: str,
    width: str,
    height: str,
    fps: str,
    login: str = "",
    tls: str = "",
    pattern: str = "ball",
) -> None:
    """Serve until standard input ends."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    made = factory(codec, (int(width), int(height)), int(fps), pattern)
    if login or tls:
        protect(server, login, tls)
    if login:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        made.set_permissions(permissions)
    server.get_mount_points().add_factory("/road", made)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=listen, args=(loop,), daemon=True).start()
    print("ready", flush=True)
    loop.run()


def listen(loop: GLib.MainLoop) -> None:
    """Do what standard input says."""
    for line in sys.stdin:
        (stalled.set if line.strip() == "stall" else stalled.clear)()
        print("done", flush=True)
    loop.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
