import { Document, isMap, isScalar, isSeq, type Node } from "yaml";
import type { Described } from "./json-schema.ts";
import { CONFIG_SCHEMA_NAME } from "./schema.ts";

/**
 * The values of examples/watch.yml: every key of the format once at least (of the events that are not
 * detected yet, none), in a site that makes sense.
 */
export const EXAMPLE = {
  schema: CONFIG_SCHEMA_NAME,
  site: "Riverside station",
  cameras: [
    {
      id: "platform",
      source: `rtsp://\${CAMERA_USER}:\${CAMERA_PASSWORD}@camera.example/stream`,
      transport: "tcp",
      background: "platform.png",
      location: [2.3105, 48.8472],
      fieldOfView: [
        [2.3105, 48.8472],
        [2.3108, 48.8474],
        [2.3109, 48.8471],
      ],
      picture: [1280, 720],
      calibration: [
        { px: [212, 690], m: [0, 0] },
        { px: [1100, 684], m: [8, 0] },
        { px: [842, 236], m: [8, 24] },
        { px: [438, 238], m: [0, 24] },
      ],
      calibrationTolerance: "0.5m",
      masks: [
        [
          [1010, 0],
          [1280, 0],
          [1280, 300],
          [1120, 250],
        ],
      ],
      zones: [
        {
          id: "track",
          nature: "forbidden",
          polygon: [
            [1110, 720],
            [860, 240],
            [930, 240],
            [1280, 640],
            [1280, 720],
          ],
        },
        {
          id: "waiting",
          nature: "counting",
          polygon: [
            [212, 690],
            [1100, 684],
            [842, 236],
            [438, 238],
          ],
        },
        {
          id: "way-out",
          nature: "sensitive",
          polygon: [
            [0, 420],
            [240, 330],
            [300, 400],
            [120, 560],
            [0, 600],
          ],
          direction: { from: [280, 370], to: [20, 500] },
        },
      ],
      lines: [{ id: "gate", from: [60, 330], to: [60, 610] }],
      rules: [
        {
          id: "on-the-track",
          event: "zone_intrusion",
          zone: "track",
          after: "1s",
          clear: "3s",
          longest: "10m",
          classes: ["person", "vehicle"],
        },
        { id: "through-the-gate", event: "zone_intrusion", line: "gate" },
        { id: "in-by-the-way-out", event: "wrong_way", zone: "way-out", after: "1s", classes: ["person"] },
        { id: "in-by-the-gate", event: "wrong_way", line: "gate", forbidden: "right" },
        {
          id: "too-full",
          event: "crowd_density",
          zone: "waiting",
          persons: 40,
          perM2: 2,
          countFactor: 1.1,
          after: "30s",
        },
        { id: "burning", event: "fire", after: "2s", smoke: true },
        {
          ...{ id: "weapon-shown", event: "weapon", model: "models/ours.yml", after: "1s" },
          ...{ candidateScore: 0.3, confirmScore: 0.5, looksPerSecond: "4/s" },
        },
      ],
    },
    {
      id: "archive",
      source: "clips/north-gate.mp4",
      startedAt: "2026-03-01T14:30:00+01:00",
    },
  ],
  authority: {
    profile: "fr-loi-2023-380",
    overlays: ["eu-ai-act-art-5"],
    documents: "authorisations",
    state: "state",
    use: "alert",
  },
  engine: {
    model: "mb3-centernet",
    analysisPerSecond: "12/s",
    detectionsPerSecond: "8/s",
    inputLongSide: "512px",
    threads: "auto",
  },
  evidence: { before: "3s", after: "4s", framesPerSecond: "8/s", longSide: "640px" },
  output: { directory: "out" },
} as const;

const HEAD = [
  "A commented example with every key. Made from the schema by `npm run docs`; changes made here are lost.",
  "Copy it, change `source` and the coordinates, and ask what would run: contrechamp check --config FILE",
  "docs/reference/configuration.md says what each key takes and what it is by default.",
];
const COMMENT_WIDTH = 96;

/** The file examples/watch.yml: the values above, each key explained where it first stands. */
export function examplePage(schema: Described): string {
  const document = new Document(EXAMPLE, { aliasDuplicateObjects: false });
  const told = new Set<string>();
  if (document.contents !== null) annotate(document.contents, schema, told, 0);
  document.commentBefore = HEAD.map((line) => ` ${line}`).join("\n");
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Puts each description before its key, once. */
function annotate(node: Node, schema: Described, told: Set<string>, depth: number): void {
  if (isSeq(node)) {
    const item = typeof schema.items === "object" ? schema.items : {};
    for (const [index, entry] of node.items.entries()) {
      if (isScalar(entry)) node.flow = true;
      if (isMap(entry) || isSeq(entry)) annotate(entry, formOf(item, entry), told, depth + 1);
      if (index > 0 && isMap(entry) && entry.flow !== true) entry.spaceBefore = true;
    }
    // Polygons read best as one line each.
    if (node.items.every((entry) => isSeq(entry) && entry.flow === true)) node.flow = true;
    return;
  }
  if (!isMap(node)) return;
  const short = node.items.every(
    (pair) => isScalar(pair.value) || (isSeq(pair.value) && pair.value.items.every(isScalar)),
  );
  let explained = false;
  for (const [index, pair] of node.items.entries()) {
    if (!isScalar(pair.key)) continue;
    const described = schema.properties?.[String(pair.key.value)] ?? {};
    const { description } = described;
    if (description !== undefined && !told.has(description)) {
      told.add(description);
      explained = true;
      pair.key.commentBefore = wrap(description, COMMENT_WIDTH - 2 * depth);
      if (depth === 0 && index > 0) pair.key.spaceBefore = true;
    }
    if (isSeq(pair.value) || isMap(pair.value)) annotate(pair.value, described, told, depth + 1);
  }
  if (short && !explained) node.flow = true;
}

/** Of the forms that a rule may take, the one of its event. */
function formOf(schema: Described, node: Node): Described {
  if (schema.oneOf === undefined || !isMap(node)) return schema;
  return schema.oneOf.find((form) => form.properties?.["event"]?.const === node.get("event")) ?? {};
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(` ${word}`);
  }
  return lines.join("\n");
}
