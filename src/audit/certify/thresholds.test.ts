import { describe, expect, it } from "vitest";
import { CodedError } from "../../errors.ts";
import { eventsOf, parseThresholds, thresholdsJsonSchema } from "./thresholds.ts";

const TEXT = `schema: contrechamp/thresholds@1
id: urn:example:thresholds:1
suite: { path: suite.yml }
model: { name: mb3-centernet }
events:
  wrong_way: { recall: 0.8, precision: 0.9, falseAlarmsPerHour: null, minimumEvents: 20 }
  zone_intrusion: { recall: 0.9, precision: 0.8, falseAlarmsPerHour: 0.5, minimumEvents: 59 }
validFor: P6M
conditions: { fr: "Exemple : de jour.", en: "Example: daylight." }
issuer: An example of a bench
`;

function refusal(text: string): string {
  try {
    parseThresholds(text, "t.yml");
  } catch (thrown) {
    if (thrown instanceof CodedError) return `${thrown.code} ${thrown.message}`;
    throw thrown;
  }
  throw new Error("it was taken");
}

describe("thresholds", () => {
  it("are read with their defaults, events in the order of the law", () => {
    const { thresholds } = parseThresholds(TEXT, "t.yml");
    expect(thresholds).toMatchObject({ confidence: 0.95, alignment: "instant", engine: {} });
    expect(eventsOf(thresholds).map(([event]) => event)).toEqual(["wrong_way", "zone_intrusion"]);
  });

  it("have one hash whatever the comments, the order of keys and the format, and another for any value", () => {
    const { sha256, thresholds } = parseThresholds(TEXT, "t.yml");
    const lines = TEXT.split("\n");
    const moved = [...lines.slice(7, 8), ...lines.slice(0, 7), ...lines.slice(8), "# a comment", ""].join(
      "\n",
    );
    expect(parseThresholds(moved, "other.yml").sha256).toBe(sha256);
    expect(parseThresholds(JSON.stringify(thresholds), "t.json").sha256).toBe(sha256);
    expect(parseThresholds(`${TEXT}confidence: 0.95\n`, "t.yml").sha256).toBe(sha256);
    for (const [from, to] of [
      ["0.9,", "0.89,"],
      ["minimumEvents: 59", "minimumEvents: 58"],
      ["P6M", "P7M"],
      ["suite.yml", "other.yml"],
      ["daylight", "night"],
    ] as const) {
      expect(parseThresholds(TEXT.replace(from, to), "t.yml").sha256, to).not.toBe(sha256);
    }
  });

  it.each([
    ["recall of 1", "recall: 0.9", "recall: 1", "t.yml:7:21 events.zone_intrusion.recall: found 1"],
    ["recall of 0", "recall: 0.9", "recall: 0", "t.yml:7:21 events.zone_intrusion.recall: found 0"],
    ["false alarms of 0", "0.5", "0", "t.yml:7:50 events.zone_intrusion.falseAlarmsPerHour"],
    ["a minimum of 0", "minimumEvents: 59", "minimumEvents: 0", "events.zone_intrusion.minimumEvents"],
    ["half an event", "minimumEvents: 59", "minimumEvents: 59.5", "events.zone_intrusion.minimumEvents"],
    ["a rule that nobody may build", "wrong_way", "loitering", "t.yml:6:3 events"],
    ["a misspelt key", "validFor", "validfor", "t.yml:8:1 validfor"],
    ["no suite", "{ path: suite.yml }", "{ name: a suite }", "t.yml:3:1 suite"],
    ["no model", "{ name: mb3-centernet }", "{}", "t.yml:4:1 model"],
    ["more than a year", "P6M", "P13M", "t.yml:8:1 validFor: P13M is longer than P1Y"],
    ["no time at all", "P6M", "PT0S", "never is"],
    ["a confidence that says nothing", "issuer", "confidence: 0.5\nissuer", "t.yml:10:1 confidence"],
    ["certainty", "issuer", "confidence: 1\nissuer", "t.yml:10:1 confidence"],
    ["another format", "thresholds@1", "certificate@1", 'the format is "contrechamp/certificate@1"'],
  ])("refuses %s with file, line and column", (_, from, to, expected) => {
    const said = refusal(TEXT.replace(from, to));
    expect(said.startsWith("AUDIT_INVALID")).toBe(true);
    expect(said).toContain(expected);
  });

  it("refuses a file without events, and one that is no YAML", () => {
    expect(refusal(TEXT.replace(/events:\n.*\n.*\n/, "events: {}\n"))).toContain("at least one event");
    expect(refusal("{")).toContain("AUDIT_INVALID");
  });

  it("have a schema for editors that says what each key means, and demands what has no default", () => {
    const schema = thresholdsJsonSchema();
    expect(schema["required"]).toEqual(
      expect.arrayContaining(["suite", "model", "events", "validFor", "conditions", "issuer"]),
    );
    expect(schema["required"]).not.toContain("confidence");
    expect(JSON.stringify(schema)).toContain("What the lower bound of recall must reach.");
  });
});
