import { z } from "zod";
import {
  duration,
  groundPoint,
  imagePoint,
  length,
  pixels,
  polygon,
  rate,
  slug,
  text,
} from "./quantities.ts";
import { DIRECTIONS, ruleSchema } from "./rules.ts";

/**
 * The one description of a configuration. The validator, the JSON Schema, the reference page and the
 * commented example are made from it, and checked against it.
 */

const list = <T extends z.ZodType>(item: T, what: string) =>
  z
    .array(item, { error: `a list of ${what}` })
    .max(256, { error: `a list of at most 256 ${what}` })
    .meta({ title: `list of ${what}` })
    .default([]);

const calibrationPairSchema = z.strictObject({
  px: imagePoint().describe("A point of the ground as the picture shows it."),
  m: groundPoint().describe("The same point on the ground, in metres, in any fixed frame."),
});

const zoneSchema = z.strictObject({
  id: slug().describe("Name of the zone, unique within the camera."),
  nature: z
    .enum(["forbidden", "sensitive", "counting"])
    .describe(
      "What the zone is declared to be. zone_intrusion watches forbidden and sensitive zones only; a counting zone delimits a crowd or a flow.",
    ),
  polygon: polygon().describe("Its corners, in px of the picture."),
  direction: z
    .union(
      [
        z.enum(DIRECTIONS),
        z.strictObject({
          from: imagePoint().describe("Where the arrow starts."),
          to: imagePoint().describe("Where the arrow points."),
        }),
      ],
      { error: "left, right, up, down, or an arrow { from: [x, y], to: [x, y] }" },
    )
    .meta({ title: "left, right, up, down, or `{ from: [x, y], to: [x, y] }`" })
    .exactOptional()
    .describe(
      "The declared direction of travel, as seen in the picture: a sense, or an arrow where the perspective slants it. wrong_way needs it.",
    ),
});

const lineSchema = z.strictObject({
  id: slug().describe("Name of the line, unique within the camera."),
  from: imagePoint().describe("One end, in px of the picture."),
  to: imagePoint().describe("The other end, in px of the picture."),
});

const viewKeys = {
  picture: z
    .tuple(
      [
        z.int({ error: "a width from 16 to 16384 px" }).min(16).max(16_384),
        z.int({ error: "a height from 16 to 16384 px" }).min(16).max(16_384),
      ],
      { error: "the picture's size as [width, height] in px, such as [1920, 1080]" },
    )
    .meta({ title: "`[width, height]` in px" })
    .transform(([width, height]) => ({ width, height }))
    .exactOptional()
    .describe(
      "Size of the picture that the coordinates were read off. With it, zones outside the picture and lines that cannot fire are reported before anything runs, and a stream of another size is refused.",
    ),
  calibration: list(calibrationPairSchema, "pairs `{ px: [x, y], m: [x, y] }`").describe(
    "At least 4 points of the ground, no three in a line, as the picture shows them and in metres. Areas and densities need it.",
  ),
  calibrationTolerance: length(0.01, 100)
    .prefault("0.5m")
    .describe(
      "Largest root-mean-square error of the calibration on the ground; a worse one is refused. With 4 pairs it is always 0.",
    ),
  masks: list(polygon(), "polygons").describe(
    "Parts of the picture to leave out, such as a window or a private garden: they are blanked before anything is analysed.",
  ),
  zones: list(zoneSchema, "zones").describe("Areas of the picture that rules refer to."),
  lines: list(lineSchema, "lines").describe("Directed lines that rules refer to."),
  rules: list(ruleSchema, "rules").describe(
    "What to watch for. Without rules nothing alerts, and only whole-view statistics are kept.",
  ),
};

/** What is declared about a view: the `camera` of an audit suite, and the greater part of one in a configuration. */
export const cameraViewSchema = z.strictObject(viewKeys);

/** A camera of a configuration. */
export const cameraSchema = z.strictObject({
  id: slug().describe(
    "Name of the camera, unique in the file. It stands in alerts and in the folders of the output.",
  ),
  source: text("an address or a path, such as rtsp://camera.example/stream or clip.mp4").describe(
    `Where the pictures come from: a file, a folder of images, a device (/dev/video0), or an rtsp, rtsps, http or https address. Paths are relative to this file. Take credentials from the environment: rtsp://\${CAMERA_USER}:\${CAMERA_PASSWORD}@camera.example/stream`,
  ),
  transport: z
    .enum(["tcp", "udp"])
    .default("tcp")
    .describe("How RTSP carries its packets. UDP loses some on a busy network."),
  startedAt: z.iso
    .datetime({
      offset: true,
      error: "an instant with its offset, such as 2026-03-01T14:30:00Z or 2026-03-01T15:30:00+01:00",
    })
    .meta({ title: "instant with its offset, as `2026-03-01T14:30:00Z`" })
    .transform((instant) => Date.parse(instant))
    .exactOptional()
    .describe(
      "When a recording began. Without it, the file's own creation time is taken, and failing that the time of analysis.",
    ),
  background: text("a path of a picture, such as north-gate.png")
    .exactOptional()
    .describe(
      "A still of the empty view that a person has approved. Live evidence shows only shapes on grey without it. The path is relative to this file.",
    ),
  location: z
    .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)], {
      error: "[longitude, latitude] in degrees (WGS 84), such as [2.3522, 48.8566]",
    })
    .meta({ title: "`[longitude, latitude]` in degrees" })
    .exactOptional()
    .describe("Where the camera stands. A profile with a perimeter denies a camera that does not say it."),
  fieldOfView: z
    .array(
      z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)], {
        error: "[longitude, latitude] in degrees (WGS 84)",
      }),
      { error: "a list of at least three corners `[longitude, latitude]`" },
    )
    .min(3, { error: "a list of at least three corners `[longitude, latitude]`" })
    .max(256)
    .meta({ title: "list of corners `[longitude, latitude]` in degrees" })
    .exactOptional()
    .describe("The ground that the camera can see. All of it must lie inside an authorised perimeter."),
  ...viewKeys,
});

const threadsExpected = "auto or a whole number from 1 to 64";

const engineSchema = z.strictObject({
  model: text("the name of a model or the path of a manifest, such as mb3-centernet or models/mine.json")
    .default("mb3-centernet")
    .describe("Name of a model (`contrechamp models list`), or path of a manifest, relative to this file."),
  analysisPerSecond: rate(1, 60)
    .prefault("12/s")
    .describe("How many frames a second are looked at for motion. Others are decoded and let go."),
  detectionsPerSecond: rate(0.2, 60)
    .prefault("8/s")
    .describe(
      "At most how many of them a second go through the network when something moves. Most of the machine's time goes here.",
    ),
  inputLongSide: pixels(128, 4096)
    .prefault("512px")
    .describe(
      "Long side of what the network sees of the whole view. Small or distant people need more; the time grows with its square.",
    ),
  threads: z
    .union([z.literal("auto"), z.int().min(1).max(64)], { error: threadsExpected })
    .meta({ title: threadsExpected })
    .default("auto")
    .describe("How many threads infer. auto takes one for each core but one."),
});

const evidenceSchema = z.strictObject({
  before: duration(0, 30).prefault("3s").describe("How much of the time before the alert a clip shows."),
  after: duration(0, 60).prefault("4s").describe("How much of the time after the alert a clip shows."),
  framesPerSecond: rate(1, 30).prefault("8/s").describe("Pictures a second of a clip."),
  longSide: pixels(128, 1920).prefault("640px").describe("Long side of stills and clips. Never enlarged."),
});

const authoritySchema = z.strictObject({
  profile: text("the id of a profile or the path of one, such as recording-study or law/ours.yml")
    .exactOptional()
    .describe(
      "The law that applies here, as data: the id of a profile (`contrechamp profile list`), or a path relative to this file. Without one nothing runs.",
    ),
  overlays: list(text("the id of an overlay or the path of one"), "overlays").describe(
    "Profiles that only forbid, such as a municipal ban. What one of them forbids no other permits.",
  ),
  documents: text("a path of a folder, such as authorisations")
    .exactOptional()
    .describe(
      "Folder of authorisations, certificates, notices and trusted keys, relative to this file. Every .yml, .yaml and .json file in it is read, again whenever it changes.",
    ),
  state: text("a path of a folder, such as state")
    .exactOptional()
    .describe(
      "Folder of the journal, the holds, the keys and the evidence at rest, relative to this file. A profile for a site demands it; otherwise it is `state` in the output folder.",
    ),
  use: z
    .enum(["alert", "shadow"])
    .default("alert")
    .describe(
      "alert shows episodes to people. shadow counts them and shows nothing to anyone, and needs a legal basis of its own.",
    ),
});

const outputSchema = z.strictObject({
  directory: text("a path of a folder, such as out")
    .exactOptional()
    .describe(
      "Where alerts, evidence and the report are written, relative to this file. --out goes before it; without both it is `out` in the current folder.",
    ),
});

/** Builds a section that may be left out as a whole: then every key of it has its default. */
const section = <T extends z.ZodType<unknown, Record<string, unknown>>>(schema: T, description: string) =>
  schema.prefault({} as z.input<T>).describe(description);

export const CONFIG_SCHEMA_NAME = "contrechamp/config@1";

/** A whole configuration file. */
export const configSchema = z.strictObject({
  schema: z
    .literal(CONFIG_SCHEMA_NAME)
    .describe("Says what this file is, and in which version of the format it is written."),
  site: text("a name", 200).exactOptional().describe("Name of the place, shown in the report."),
  cameras: z
    .array(cameraSchema, { error: "a list of cameras" })
    .min(1, { error: "at least one camera" })
    .max(1024, { error: "at most 1024 cameras" })
    .meta({ title: "list of at least one camera" })
    .describe("The cameras and recordings to analyse."),
  authority: section(authoritySchema, "On what authority it runs. Without one it does not."),
  engine: section(engineSchema, "How much work to put into it. The same for all cameras."),
  evidence: section(
    evidenceSchema,
    "What is kept of an alert: always shapes on a background, never the picture.",
  ),
  output: section(outputSchema, "Where results go."),
});

type DeepReadonly<T> = T extends [infer A, infer B]
  ? readonly [DeepReadonly<A>, DeepReadonly<B>]
  : T extends (infer E)[]
    ? readonly DeepReadonly<E>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** What is declared about a view. Times in seconds, places in image coordinates. */
export type CameraView = DeepReadonly<z.output<typeof cameraViewSchema>>;
export type ZoneConfig = CameraView["zones"][number];
export type LineConfig = CameraView["lines"][number];
export type CalibrationPair = CameraView["calibration"][number];

/** One rule, told apart by `event`. */
export type RuleConfig = CameraView["rules"][number];
export type RuleConfigOf<E extends RuleConfig["event"]> = Extract<RuleConfig, { event: E }>;
export type ZoneIntrusionConfig = RuleConfigOf<"zone_intrusion">;
export type WrongWayConfig = RuleConfigOf<"wrong_way">;
export type CrowdDensityConfig = RuleConfigOf<"crowd_density">;
export type FireConfig = RuleConfigOf<"fire">;
export type WeaponConfig = RuleConfigOf<"weapon">;
export type PersonDownConfig = RuleConfigOf<"person_down">;
export type CrowdMovementConfig = RuleConfigOf<"crowd_movement">;
export type AbandonedObjectConfig = RuleConfigOf<"abandoned_object">;

/**
 * A camera as the engine takes it, as plain data. `source` is an absolute path, or an address in which
 * `${NAME}` still stands for what the environment holds: open `expandSource(source, process.env)`, show
 * `redactAddress(source)`, and write neither the one nor the other out by itself.
 */
export type CameraConfig = Omit<DeepReadonly<z.output<typeof cameraSchema>>, "background"> & {
  /** Absolute path of the approved still, null without one. */
  readonly background: string | null;
};

/** `model` is a model's name, or the absolute path of a manifest. */
export type EngineConfig = DeepReadonly<z.output<typeof engineSchema>>;
export type EvidenceConfig = DeepReadonly<z.output<typeof evidenceSchema>>;

/** Paths are absolute. A profile and an overlay are ids, or absolute paths. */
export interface AuthorityConfig {
  readonly profile: string | null;
  readonly overlays: readonly string[];
  readonly documents: string | null;
  readonly state: string | null;
  readonly use: "alert" | "shadow";
}

/** A whole configuration: validated, defaults filled in, paths absolute, deeply frozen, plain data. */
export interface Config {
  readonly schema: typeof CONFIG_SCHEMA_NAME;
  /** The folder that relative paths started from, absolute. */
  readonly directory: string;
  readonly site: string | null;
  readonly cameras: readonly CameraConfig[];
  readonly authority: AuthorityConfig;
  readonly engine: EngineConfig;
  readonly evidence: EvidenceConfig;
  /** `directory`: absolute, null where the file leaves it to the command. */
  readonly output: { readonly directory: string | null };
}
