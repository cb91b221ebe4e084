import { EXIT, entry } from "./entry.ts";

/** Files, streams and devices that pictures come from. */
export const SOURCES_ERRORS = {
  SOURCE_ADDRESS: entry<{ address: string; why: string }>(
    EXIT.noInput,
    (p) => `Cannot read from ${p.address}: ${p.why}.`,
    () =>
      "Give a video file, a folder of images, rtsp:// or rtsps://, http(s)://….m3u8, an http MJPEG address or /dev/video0.",
  ),
  SOURCE_NOT_FOUND: entry<{ address: string }>(
    EXIT.noInput,
    (p) => `There is no file, folder or device ${p.address}.`,
    () => "Check the spelling and the folder the command runs in.",
  ),
  SOURCE_UNREADABLE: entry<{ address: string }>(
    EXIT.noInput,
    (p) => `${p.address} may not be read by this user.`,
    () => "Give this user the right to read it (for a camera device: the group `video`).",
  ),
  SOURCE_EMPTY: entry<{ address: string }>(
    EXIT.noInput,
    (p) => `${p.address} is empty: 0 bytes.`,
    () => "Copy or record it again.",
  ),
  SOURCE_FORMAT: entry<{ address: string }>(
    EXIT.data,
    (p) => `${p.address} is not a video that can be read: its format is unknown or its header is damaged.`,
    () =>
      "Play it in a video player. A recording that was cut before its index was written must be repaired or recorded again; of a camera, give the address of its stream, not of its web page.",
  ),
  SOURCE_NO_VIDEO: entry<{ address: string }>(
    EXIT.data,
    (p) => `${p.address} has no video track.`,
    () => "Sound is never read. Give a file or a stream with pictures.",
  ),
  SOURCE_NO_DECODER: entry<{ address: string; codec: string }>(
    EXIT.data,
    (p) => `${p.address} is coded as ${p.codec}, which this build cannot decode.`,
    () => "Convert it, or set the camera, to H.264, H.265 or MJPEG.",
  ),
  SOURCE_NO_PICTURE: entry<{ address: string }>(
    EXIT.data,
    (p) => `No picture could be decoded from ${p.address}.`,
    () =>
      "Its data is damaged, or the stream sends no key frame. Play it in a video player; on a camera, shorten the key frame interval.",
  ),
  SOURCE_TOO_LARGE: entry<{ address: string; width: number; height: number; limit: number }>(
    EXIT.data,
    (p) =>
      `${p.address} declares pictures of ${p.width}x${p.height}; at most ${p.limit} million pixels are decoded.`,
    () => "The header is damaged, or the video must be scaled down first.",
  ),
  SOURCE_NO_IMAGES: entry<{ address: string }>(
    EXIT.noInput,
    (p) => `The folder ${p.address} holds no images.`,
    () => "Put .jpg, .jpeg, .png, .bmp, .webp or .tif files in it, named in the order they were taken.",
  ),
  SOURCE_UNREACHABLE: entry<{ address: string; reason: string }>(
    EXIT.unavailable,
    (p) => `${p.address} cannot be reached: ${p.reason}.`,
    () =>
      "Check that the camera is on, its host name and port, and that the network lets this machine through.",
  ),
  SOURCE_PASSWORD: entry<{ address: string }>(
    EXIT.unavailable,
    (p) => `${p.address} refused the user or the password.`,
    () =>
      "Write them as rtsp://user:password@host/path with special characters percent-encoded (@ is %40), and check the account on the camera.",
  ),
  SOURCE_NO_STREAM: entry<{ address: string }>(
    EXIT.unavailable,
    (p) => `The server answers, but has no stream at ${p.address}.`,
    () => "Check the path: the camera's manual or its ONVIF page names it.",
  ),
  SOURCE_TIMEOUT: entry<{ address: string; seconds: number }>(
    EXIT.unavailable,
    (p) => `${p.address} gave no picture within ${p.seconds} s.`,
    () =>
      "Check the network, try the other transport (tcp or udp), and shorten the camera's key frame interval.",
  ),
  SOURCE_STALLED: entry<{ address: string; seconds: number }>(
    EXIT.unavailable,
    (p) => `${p.address} sent no picture for ${p.seconds} s.`,
    () => "It is connected again by itself. If this comes often, check the network and the camera's load.",
  ),
  SOURCE_LOST: entry<{ address: string }>(
    EXIT.unavailable,
    (p) => `${p.address} ended the stream.`,
    () => "It is connected again by itself. If this comes often, check the camera and its limit of viewers.",
  ),
  SOURCE_BUSY: entry<{ address: string }>(
    EXIT.unavailable,
    (p) => `${p.address} is in use by another program.`,
    () => "Close the other program, or give another device.",
  ),
  SOURCE_FAILED: entry<{ address: string; reason: string }>(
    EXIT.unavailable,
    (p) => `${p.address} could not be opened: ${p.reason}.`,
    () => "Try the address in a video player; if it plays there, report this message.",
  ),
  SOURCE_CLOSED: entry<{ address: string }>(
    EXIT.unavailable,
    (p) => `${p.address} was closed while it was being opened.`,
    () => "Nothing to do: the program was asked to stop.",
  ),
  SOURCE_DAMAGED: entry<{ address: string }>(
    EXIT.partial,
    (p) => `Part of ${p.address} could not be decoded.`,
    () =>
      "Analysis goes on with what can be read. On a network stream, lost packets are the usual cause: use tcp.",
  ),
  SOURCE_TRUNCATED: entry<{ address: string }>(
    EXIT.partial,
    (p) => `${p.address} ends before the end it declares.`,
    () => "It was cut short while recorded or copied. What is there was analysed.",
  ),
  SOURCE_RESIZED: entry<{ address: string; from: string; to: string }>(
    EXIT.partial,
    (p) => `The picture of ${p.address} changed from ${p.from} to ${p.to}.`,
    () => "Zones and lines were drawn for the first size: set the camera back, or draw them again.",
  ),
  FRAME_RELEASED: entry<{ what: string }>(
    EXIT.internal,
    (p) => `${p.what} of a frame was asked for after the frame was released.`,
    () => "This is a fault of Contrechamp. Please report it with the command and the full output.",
  ),
} as const;
