#!/usr/bin/python3
"""An RTSP server on 127.0.0.1 for tests, on GStreamer's.

  rtsp-server.py [--file CLIP.mp4] [--port N] [--user NAME --password WORD [--digest]] [--rate N]

Serves /test: the H.264 of CLIP over and over at its own pace, or a moving test pattern. Prints "ready PORT"
once it listens, or "missing WHAT" where GStreamer's Debian packages are not installed.
"""
import argparse
import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstApp", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstApp, GstRtsp, GstRtspServer
except (ImportError, ValueError) as error:
    print(f"missing {error}", flush=True)
    sys.exit(3)

BYTE_STREAM = "video/x-h264,stream-format=byte-stream,alignment=au"
ROLE = "viewer"


def main():
    options = parse()
    Gst.init(None)
    for element in ("x264enc", "rtph264pay", "h264parse", "qtdemux", "appsrc"):
        if Gst.ElementFactory.find(element) is None:
            print(f"missing the GStreamer element {element}", flush=True)
            sys.exit(3)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(options.port)
    factory = loop_factory(options.file) if options.file else pattern_factory(options.rate)
    factory.set_shared(True)
    if options.user:
        guard(server, factory, options)
    server.get_mount_points().add_factory("/test", factory)
    server.attach(None)
    print(f"ready {server.get_bound_port()}", flush=True)
    GLib.MainLoop().run()


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file")
    parser.add_argument("--port", default="0")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--digest", action="store_true")
    parser.add_argument("--rate", type=int, default=10)
    return parser.parse_args()


def pattern_factory(rate):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        "( videotestsrc is-live=true pattern=ball "
        f"! video/x-raw,format=I420,width=320,height=240,framerate={rate}/1 "
        f"! x264enc tune=zerolatency speed-preset=ultrafast key-int-max={rate} "
        # Without the parser the payloader puts the parameter sets into the middle of key frames.
        "! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )"
    )
    return factory


def loop_factory(path):
    """Reads the clip's access units into memory, and plays them round and round with times that go on."""
    units, length = access_units(path)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f"( appsrc name=clip is-live=true format=time block=false max-bytes=200000 caps={BYTE_STREAM} "
        "! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
    )

    def configure(_, media):
        source = media.get_element().get_by_name("clip")
        state = {"next": 0}

        def feed(element, _):
            turn, index = divmod(state["next"], len(units))
            data, pts, dts = units[index]
            buffer = Gst.Buffer.new_wrapped(data)
            buffer.pts = turn * length + pts
            buffer.dts = turn * length + dts
            state["next"] += 1
            element.emit("push-buffer", buffer)

        source.connect("need-data", feed)

    factory.connect("media-configure", configure)
    return factory


def access_units(path):
    pipeline = Gst.parse_launch(
        f'filesrc location="{path}" ! qtdemux ! h264parse config-interval=-1 ! {BYTE_STREAM} '
        "! appsink name=units sync=false"
    )
    sink = pipeline.get_by_name("units")
    pipeline.set_state(Gst.State.PLAYING)
    units, end = [], 0
    while True:
        sample = sink.emit("pull-sample")
        if sample is None:
            break
        buffer = sample.get_buffer()
        dts = buffer.dts if buffer.dts != Gst.CLOCK_TIME_NONE else buffer.pts
        units.append((buffer.extract_dup(0, buffer.get_size()), buffer.pts, dts))
        end = max(end, buffer.pts + buffer.duration)
    pipeline.set_state(Gst.State.NULL)
    if not units:
        print(f"missing H.264 in {path}", flush=True)
        sys.exit(4)
    return units, end


def guard(server, factory, options):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    if options.digest:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(options.user, options.password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(options.user, options.password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_role(ROLE)
    permissions.add_permission_for_role(ROLE, "media.factory.access", True)
    permissions.add_permission_for_role(ROLE, "media.factory.construct", True)
    factory.set_permissions(permissions)


main()
