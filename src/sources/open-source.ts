import { parseAddress } from "./address.ts";
import { DEFAULT_IMAGE_RATE, FolderFeed } from "./images/folder-feed.ts";
import { Input } from "./libav/input.ts";
import { LiveStream } from "./libav/live.ts";
import { PlaylistStream } from "./libav/playlist.ts";
import { TrackFeed } from "./libav/track-feed.ts";
import { Recording } from "./recording.ts";
import type { Source, SourceOptions } from "./source.ts";

/** What only tests and special uses set. */
export interface SourceExtras {
  /** Pictures per second of a folder of images; 10 where not given. */
  readonly imageRate?: number;
  /** 0 to 1, spreads the reconnections of many cameras; `Math.random` where not given. */
  readonly random?: () => number;
}

/**
 * Makes the source of an address; nothing is read before `open`.
 *
 * | Address | Source |
 * | --- | --- |
 * | a file | whatever libav demuxes: mp4, mkv, avi, ts, raw H.264 ... |
 * | a folder | its images, in the natural order of their names, 10 a second |
 * | `rtsp://`, `rtsps://` | RTSP, over TCP or UDP |
 * | `http(s)://….m3u8`, a local `.m3u8` | HLS: a recording where the playlist is complete, else live |
 * | any other `http(s)://` | MJPEG |
 * | `/dev/video0` | V4L2 |
 *
 * A live source waits for packets in libuv's thread pool, one thread for each. A process that holds many
 * cameras must be started with `UV_THREADPOOL_SIZE` above their number.
 * @throws CodedError SOURCE_ADDRESS
 */
export function createSource(address: string, options: SourceOptions, extras: SourceExtras = {}): Source {
  const parsed = parseAddress(address);
  const random = extras.random ?? Math.random;
  switch (parsed.kind) {
    case "file":
      return new Recording(
        parsed.shown,
        async () => new TrackFeed(Input.openFile(parsed, options), false),
        options,
      );
    case "images": {
      const rate = extras.imageRate ?? DEFAULT_IMAGE_RATE;
      return new Recording(parsed.shown, async () => new FolderFeed(parsed, options, rate), options);
    }
    case "playlist":
    case "hls":
      return new PlaylistStream(parsed, options, random);
    default:
      return new LiveStream(parsed, options, random);
  }
}
