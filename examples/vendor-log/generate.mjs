/**
 * Makes an alert log as a vendor's export might look, and the truth beside it. All of it is drawn by chance from a
 * fixed seed: no product, no place and no event of it exists.
 *
 *     node examples/vendor-log/generate.mjs FOLDER [ALERTS]
 *
 * writes FOLDER/reference.json and FOLDER/alerts.csv: one camera, 24 hours, some 40 fights, and 60 alerts (or ALERTS).
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const DAY = 86_400;
/** The recording begins on 1 March 2026 at 8:00 in Paris. */
const BEGIN = Date.UTC(2026, 2, 1, 7);
/** The example recorder's clock is ahead by so many seconds. */
const CLOCK = 42;

const [folder, count = "60"] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("usage: node examples/vendor-log/generate.mjs FOLDER [ALERTS]\n");
  process.exit(64);
}
const random = generator(20_260_301);
const fights = Array.from({ length: 40 }, (_, index) => {
  const begin = 600 + Math.floor(((index + 0.8 * random()) * (DAY - 1200)) / 40);
  return { event: "fight", begin, end: begin + 10 + Math.floor(20 * random()), tolerance: 2 };
});
const found = fights
  .filter(() => random() < 0.7)
  .map(({ begin }) => ({ at: begin + 1 + 3 * random(), sure: 0.6 + 0.39 * random() }));
const wrong = Array.from({ length: Math.max(0, Number(count) - found.length) }, () => ({
  at: DAY * random(),
  sure: 0.4 + 0.5 * random(),
}));
const rows = [...found, ...wrong]
  .toSorted((a, b) => a.at - b.at)
  .map(({ at, sure }, index) => {
    const shown = paris(BEGIN + (at + CLOCK) * 1000);
    return `${index + 1};${shown};Caméra 12;Bagarre;${sure.toFixed(2).replace(".", ",")}`;
  });
await mkdir(folder, { recursive: true });
const reference = {
  schema: "contrechamp/reference@1",
  note: "An example, drawn by chance. Nobody was filmed.",
  events: fights,
};
await writeFile(join(folder, "reference.json"), `${JSON.stringify(reference, null, 2)}\n`);
// With a byte-order mark, as spreadsheets write it.
const header = "\ufeffN°;Date et heure;Caméra;Type d'événement;Indice de confiance";
await writeFile(join(folder, "alerts.csv"), `${[header, ...rows].join("\n")}\n`);

/** As a French export writes an instant of March 2026, before summer time: 01/03/2026 08:10:42,7. */
function paris(utc) {
  const [date = "", time = ""] = new Date(utc + 3_600_000).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${month}/${year} ${time.slice(0, 10).replace(".", ",")}`;
}

/** Mulberry32: small, and the same numbers on every machine. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
