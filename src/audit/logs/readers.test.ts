import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodedError } from "../../errors.ts";
import { detectFormat, readerOf } from "./formats.ts";
import { DEFAULT_READING, LOG_FORMATS, type LogFormat, type LogReading, type LogRow } from "./log.ts";
import { type LogSource, textSource } from "./log-source.ts";

/** What every sample tells: two fights of camera north, in the words and units of its format. */
interface Sample {
  readonly text: string;
  readonly reading?: LogReading;
  readonly event: string;
  readonly clip: string | null;
  /** Of each alert: when, in the format's unit; when it ended; how sure; its box's left edge; its line. */
  readonly alerts: readonly {
    readonly at: number;
    readonly until: number | null;
    readonly confidence: number | null;
    readonly left: number | null;
    readonly line: number;
  }[];
}

const UTC = Date.UTC(2026, 2, 1, 8);
const NAMED: LogReading = { ...DEFAULT_READING, event: "fight" };

const SAMPLES: Readonly<Record<LogFormat, Sample>> = {
  csv: {
    text: '\ufefftime;until;event;clip;confidence;left;top;width;height\r\n10,5;12;"fight";north;0,9;5;6;7;8\r\n20;;fight;north;;;;;\r\n',
    event: "fight",
    clip: "north",
    alerts: [
      { at: 10.5, until: 12, confidence: 0.9, left: 5, line: 2 },
      { at: 20, until: null, confidence: null, left: null, line: 3 },
    ],
  },
  jsonl: {
    text: '{"time": 10.5, "until": 12, "event": "fight", "clip": "north", "confidence": 0.9, "box": [5, 6, 7, 8]}\n\n{"time": "00:00:20", "event": "fight", "clip": "north"}\n',
    event: "fight",
    clip: "north",
    alerts: [
      { at: 10.5, until: 12, confidence: 0.9, left: 5, line: 1 },
      { at: 20, until: null, confidence: null, left: null, line: 3 },
    ],
  },
  actev: {
    text: `{"filesProcessed": ["north.mp4"], "activities": [
  {"activity": "fight", "activityID": 1, "presenceConf": 0.9, "alertFrame": 262,
   "localization": {"north.mp4": {"250": 1, "300": 0}},
   "objects": [{"objectType": "person", "objectID": 7, "localization": {"north.mp4": {"250": {"boundingBox": {"x": 5, "y": 6, "w": 7, "h": 8}}, "300": {}}}}]},
  {"activity": "fight", "activityID": 2, "presenceConf": 0.5, "localization": {"north.mp4": {"500": 1, "520": 0}}}
]}
`,
    event: "fight",
    clip: "north.mp4",
    alerts: [
      { at: 262, until: 300, confidence: 0.9, left: 5, line: 2 },
      { at: 500, until: 520, confidence: 0.5, left: null, line: 5 },
    ],
  },
  onvif: {
    text: `<?xml version="1.0" encoding="UTF-8"?>
<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tns1="http://www.onvif.org/ver10/topics"><tt:Event>
${onvif("10.500", "fight", "true")}
${onvif("12.000", "fight", "false")}
${onvif("20.000", "fight", null).replace('Name="Rule"', 'Name="RuleName"').replace('"VideoSourceConfigurationToken"', '"VideoSource"')}
</tt:Event></tt:MetadataStream>
`,
    event: "RuleEngine/fight",
    clip: "north",
    alerts: [
      { at: UTC + 10_500, until: UTC + 12_000, confidence: null, left: null, line: 3 },
      { at: UTC + 20_000, until: null, confidence: null, left: null, line: 5 },
    ],
  },
  mot: {
    text: "263,1,5,6,7,8,0.9,-1,-1,-1\n264,1,5,6,7,8,0.5,-1,-1,-1\n501,2,15,6,7,8,-1,-1,-1,-1\n",
    reading: NAMED,
    event: "fight",
    clip: null,
    alerts: [
      { at: 262, until: 264, confidence: 0.9, left: 5, line: 1 },
      { at: 500, until: 501, confidence: null, left: 15, line: 3 },
    ],
  },
  cvat: {
    text: `<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><source>north.mp4</source></meta>
<track id="0" label="fight" source="manual">
<box frame="262" outside="0" occluded="0" keyframe="1" xtl="5" ytl="6" xbr="12" ybr="14" z_order="0"></box>
<box frame="299" outside="0" occluded="0" keyframe="0" xtl="5" ytl="6" xbr="12" ybr="14" z_order="0"></box>
<box frame="300" outside="1" occluded="0" keyframe="1" xtl="5" ytl="6" xbr="12" ybr="14" z_order="0"></box>
<polygon frame="500" outside="0" keyframe="1" points="15,6;25,6;20,20"></polygon>
</track></annotations>
`,
    event: "fight",
    clip: "north.mp4",
    alerts: [
      { at: 262, until: 300, confidence: null, left: 5, line: 4 },
      { at: 500, until: 501, confidence: null, left: 15, line: 7 },
    ],
  },
  viper: {
    text: `<?xml version="1.0" encoding="UTF-8"?>
<viper xmlns="http://lamp.cfar.umd.edu/viper#" xmlns:data="http://lamp.cfar.umd.edu/viperdata#">
<config><descriptor name="fight" type="OBJECT"><attribute name="DetectionScore"/></descriptor></config>
<data><sourcefile filename="file:north.mpg"><file id="0" name="Information"><attribute name="FRAMERATE"><data:fvalue value="1.0"/></attribute></file>
<object name="fight" id="0" framespan="263:300 501:520"><attribute name="BoundingBox"><data:bbox framespan="270:270" x="5" y="6" width="7" height="8"/></attribute><attribute name="DetectionDecision"><data:bvalue value="true"/></attribute><attribute name="DetectionScore"><data:fvalue value="0.9"/></attribute></object>
</sourcefile></data></viper>
`,
    event: "fight",
    clip: "north.mpg",
    alerts: [
      { at: 262, until: 300, confidence: 0.9, left: 5, line: 5 },
      { at: 500, until: 520, confidence: 0.9, left: null, line: 5 },
    ],
  },
  coco: {
    text: `{"annotations": [
 {"id": 2, "image_id": 11, "category_id": 3, "bbox": [15, 6, 7, 8], "score": 0.4},
 {"id": 0, "image_id": 9, "category_id": 3, "bbox": [5, 6, 7, 8], "score": 0.9},
 {"id": 1, "image_id": 10, "category_id": 3, "bbox": [6, 6, 7, 8], "score": 0.5}],
 "images": [{"id": 9, "file_name": "north/frame_000262.png"}, {"id": 10, "file_name": "north/frame_000263.png"}, {"id": 11, "file_name": "north/frame_000500.png"}],
 "categories": [{"id": 3, "name": "fight"}]}
`,
    event: "fight",
    clip: "north",
    alerts: [
      { at: 262, until: 264, confidence: 0.9, left: 5, line: 3 },
      { at: 500, until: 501, confidence: 0.4, left: 15, line: 2 },
    ],
  },
};

function onvif(second: string, topic: string, state: string | null): string {
  const data =
    state === null
      ? '<tt:SimpleItem Name="ObjectId" Value="7"/>'
      : `<tt:SimpleItem Name="IsInside" Value="${state}"/>`;
  return `<wsnt:NotificationMessage><wsnt:Topic Dialect="x">tns1:RuleEngine/tnsv:${topic}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-03-01T08:00:${second}Z" PropertyOperation="Changed"><tt:Source><tt:SimpleItem Name="VideoSourceConfigurationToken" Value="north"/><tt:SimpleItem Name="Rule" Value="r1"/></tt:Source><tt:Data>${data}</tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`;
}

/** The same text, handed over in pieces of given lengths. */
function inPieces(name: string, text: string, lengths: readonly number[]): LogSource {
  return {
    name,
    head: text.slice(0, 65_536),
    async *pieces() {
      let at = 0;
      for (let i = 0; at < text.length; i++) {
        const length = Math.max(1, lengths[i % Math.max(1, lengths.length)] ?? 1);
        yield text.slice(at, at + length);
        at += length;
      }
    },
  };
}

async function rowsOf(format: LogFormat, source: LogSource, reading = DEFAULT_READING): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for await (const row of readerOf(format).read(source, reading)) rows.push(row);
  return rows;
}

const plain = (text: string) => text.replace(/^\ufeff/, "");

describe.each(LOG_FORMATS)("the reader of %s", (format) => {
  const sample = SAMPLES[format];
  const text = plain(sample.text);
  const reading = sample.reading ?? DEFAULT_READING;

  test("is told by what the file holds, whatever it is called", () => {
    expect(detectFormat(textSource("export.dat", text)).format).toBe(format);
  });

  test("yields every alert with its times, confidence, place and line", async () => {
    const rows = await rowsOf(format, textSource("export.dat", text), reading);
    expect(rows.filter(({ kind }) => kind === "rejected")).toEqual([]);
    const found = rows
      .flatMap((row) => (row.kind === "alert" ? [row] : []))
      .map(({ clip, event, at, until, confidence, box, origin }) => ({
        clip,
        event,
        at: amountOf(at),
        until: until === null ? null : amountOf(until),
        confidence,
        left: box?.x ?? null,
        line: origin.line,
        file: origin.file,
      }));
    const expected = sample.alerts.map((alert) => ({
      ...alert,
      clip: sample.clip,
      event: sample.event,
      file: "export.dat",
    }));
    expect(found).toEqual(expected);
  });

  test("reads the same in pieces of any length", async () => {
    const whole = await rowsOf(format, textSource("log", text), reading);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (lengths) => {
          expect(await rowsOf(format, inPieces("log", text, lengths), reading)).toEqual(whole);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("of a file that breaks off, tells nothing that the whole does not tell, and ends", async () => {
    const whole = (await rowsOf(format, textSource("log", text), reading)).map(begun);
    for (let end = 0; end < text.length; end += format === "csv" || format === "mot" ? 1 : 7) {
      const rows = await attempt(format, text.slice(0, end), reading);
      // Cells of text may be cut in the middle of a number; other formats know where something ends.
      if (format === "csv" || format === "mot") continue;
      for (const row of rows) if (row.kind === "alert") expect(whole).toContainEqual(begun(row));
    }
  });

  test.skipIf(["csv", "mot", "jsonl"].includes(format))(
    "says of a file that breaks off that it does",
    async () => {
      for (let end = Math.floor(text.length / 3); end < text.trimEnd().length; end += 11) {
        const rows = await rowsOf(format, textSource("log", text.slice(0, end)), reading);
        const codes = rows.flatMap((row) => (row.kind === "rejected" ? [row.code] : []));
        expect(codes, text.slice(0, end)).toContain("LOG_BROKEN");
      }
    },
  );

  test("of a file with faults in it, ends with rows or a coded error", async () => {
    const spoilt = fc.record({
      at: fc.nat({ max: text.length - 1 }),
      cut: fc.nat({ max: 20 }),
      with: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom("<", ">", '"', "{", "]", "&lt;", "&x;", "\0", "NaN", ";;"),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(spoilt, { minLength: 1, maxLength: 4 }), async (faults) => {
        let broken = text;
        for (const { at, cut, with: put } of faults)
          broken = broken.slice(0, at) + put + broken.slice(at + cut);
        for (const row of await attempt(format, broken, reading)) {
          if (row.kind === "rejected") expect(row.message).toContain(`log:${row.line}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("says so where the file holds nothing of the kind", async () => {
    const rows = await attempt(format, "", reading);
    expect(rows.filter(({ kind }) => kind === "alert")).toEqual([]);
  });
});

/** A CodedError is an answer; anything else thrown is a fault of the reader. */
async function attempt(format: LogFormat, text: string, reading: LogReading): Promise<readonly LogRow[]> {
  try {
    return await rowsOf(format, textSource("log", text), reading);
  } catch (thrown) {
    if (thrown instanceof CodedError && thrown.code !== "INTERNAL") return [];
    throw thrown;
  }
}

/** What an alert is before it is over: a log that breaks off does not know its end, or its surest picture. */
function begun(row: LogRow) {
  return row.kind === "alert" ? { event: row.event, at: row.at, line: row.origin.line } : row;
}

function amountOf(time: { kind: string; value?: number; utc?: number }): number {
  return time.value ?? time.utc ?? Number.NaN;
}

describe("hostile files", () => {
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    "\n",
  );
  const cases: readonly (readonly [string, LogFormat, string])[] = [
    [
      "a billion laughs",
      "cvat",
      `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">\n${laughs}]><annotations>&l9;</annotations>`,
    ],
    [
      "an external entity",
      "viper",
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><viper>&e;</viper>',
    ],
    ["an entity that XML has not", "onvif", "<MetadataStream>&eacute;</MetadataStream>"],
    ["100,000 tags one in the other", "cvat", `<annotations><meta>${"<a>".repeat(100_000)}`],
    ["a tag of 10 MB", "viper", `<viper a="${"x".repeat(10_000_000)}">`],
    ["a text of 10 MB", "onvif", `<MetadataStream>${"x ".repeat(5_000_000)}`],
    ["lists 100,000 deep", "actev", `{"activities": [${"[".repeat(100_000)}`],
    ["an item of 20 MB", "coco", `{"images": [], "annotations": ["${"x".repeat(20_000_000)}"]}`],
    ["a line of 10 MB of JSON", "jsonl", `{"a": "${"x".repeat(10_000_000)}"}\n{"time": 1, "event": "a"}`],
    ["a quotation mark that is never closed", "csv", `time,event\n1,a\n2,"b\n${"3,c\n".repeat(50_000)}`],
    ["a row of 10 MB", "csv", `time,event\n1,"${"x".repeat(10_000_000)}"\n`],
  ];
  test.each(cases)("%s end at once, with a reason", { timeout: 15_000 }, async (_, format, text) => {
    const began = performance.now();
    const rows = await rowsOf(format, textSource("log", text));
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(rows.some(({ kind }) => kind === "rejected")).toBe(true);
  });

  test("after a line that is too long the next one is read", async () => {
    const text = `{"a": "${"x".repeat(3_000_000)}"}\n{"time": 1, "event": "a"}`;
    const rows = await rowsOf("jsonl", textSource("log", text));
    expect(rows.map(({ kind }) => kind)).toEqual(["rejected", "alert"]);
  });
});
