/**
 * Draws the pictures of docs/rules/pictures: moments of rendered scenes, with what was declared of the view and
 * what a page wants to point at. Nobody real is in them.
 *
 *   node scripts/draw-moments.ts [RULE...]    all lists docs/rules/pictures/RULE.yml, or those that are named
 *
 * A list is an array of moments (see `momentSchema`); each becomes a WebP beside it. Marks are written by hand from
 * what a run of the rule showed: this script runs no rule.
 */
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { parse } from "yaml";
import { z } from "zod";
import { prepareScene, SCENE_NAMES } from "../src/scenes/catalogue.ts";
import { LIGHT_NAMES, type SceneOptions } from "../src/scenes/prepared/places.ts";
import { frameTimes, renderScene, type SceneFrame } from "../src/scenes/render.ts";
import type { SceneScript } from "../src/scenes/script.ts";
import { surveyCamera } from "../src/scenes/survey.ts";

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const momentSchema = z.strictObject({
  /** Name of the picture, without its ending. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  scene: z.enum(SCENE_NAMES),
  seed: z.int().min(0),
  options: z
    .strictObject({
      seconds: z.number().positive(),
      width: z.int().positive(),
      height: z.int().positive(),
      rate: z.number().positive(),
      light: z.enum(LIGHT_NAMES),
      rain: z.number(),
    })
    .partial()
    .default({}),
  /** Seconds of presentation time: the picture at or last before it is drawn. */
  at: z.number().min(0),
  /** Boxes around the bodies of these actors, by their number in the script, or around all. */
  actors: z.union([z.literal("all"), z.array(z.int())]).default([]),
  /** x, y, width, height in px of the picture, and a word or two. */
  marks: z
    .array(z.strictObject({ box, says: z.string(), kind: z.enum(["alert", "missed", "note"]) }))
    .default([]),
});
type Moment = z.infer<typeof momentSchema>;

const COLOURS = { alert: "#ffd23f", missed: "#ff6b6b", note: "#e8f1ff", zone: "#56c7ff", actor: "#b8f2a5" };
const QUALITY = 72;

const folder = resolve(import.meta.dirname, "../docs/rules/pictures");
const wanted = process.argv.slice(2);
for (const file of (await readdir(folder)).filter((name) => name.endsWith(".yml"))) {
  if (wanted.length > 0 && !wanted.includes(file.slice(0, -".yml".length))) continue;
  const moments = z.array(momentSchema).parse(parse(await readFile(join(folder, file), "utf8")));
  for (const moment of moments) console.log(await draw(moment));
}

async function draw(moment: Moment): Promise<string> {
  const { scene, seed, options, at, name } = moment;
  const script = prepareScene(scene, seed, Object.fromEntries(Object.entries(options)) as SceneOptions);
  const index = frameTimes(script).findLastIndex((time) => time <= at);
  const [frame] = renderScene(script, new Set([index]));
  if (frame === undefined) throw new Error(`${name}: the scene has no picture at ${at} s`);
  const { width, height, data } = frame.image;
  const path = join(folder, `${name}.webp`);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(overlay(moment, script, frame)) }])
    .webp({ quality: QUALITY, effort: 6 })
    .toFile(path);
  return path;
}

function overlay(moment: Moment, script: SceneScript, frame: SceneFrame): string {
  const { width, height } = script;
  const { zones, lines } = surveyCamera(script);
  const shapes = [
    ...zones.map(
      ({ polygon }) =>
        `<polygon points="${polygon.map((point) => point.join(",")).join(" ")}" fill="${COLOURS.zone}" fill-opacity=".12" stroke="${COLOURS.zone}" stroke-width="1.5"/>`,
    ),
    ...lines.map(
      ({ from, to }) =>
        `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${COLOURS.zone}" stroke-width="2"/>`,
    ),
    ...frame.truth
      .filter((actor) => moment.actors === "all" || moment.actors.includes(actor.number))
      .map(({ box: { x, y, width: w, height: h } }) => outline([x, y, w, h], COLOURS.actor)),
    ...moment.marks.map((mark) => outline(mark.box, COLOURS[mark.kind]) + label(mark, height)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join("")}</svg>`;
}

function outline([x, y, w, h]: readonly [number, number, number, number], colour: string): string {
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="#000" stroke-width="4" stroke-opacity=".55"/><rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}

/** Under the box, or over it where the picture ends. */
function label({ box: [x, y, , h], says, kind }: Moment["marks"][number], height: number): string {
  const under = y + h + 16 <= height;
  const text = says.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${under ? y + h + 14 : y - 5}" font-family="sans-serif" font-size="13" font-weight="600" fill="${COLOURS[kind]}" stroke="#000" stroke-width="3" paint-order="stroke">${text}</text>`;
}
