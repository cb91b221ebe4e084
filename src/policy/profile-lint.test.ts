import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { inspectProfile, readProfileFile } from "./profile-load.ts";

const template = await readProfileFile("profiles/template.yml");
const ban = await readProfileFile("profiles/municipal-ban.yml");

/** Values put in the place of others, by their path: `rules.2.instrument`. `undefined` takes the key away. */
type Changes = Readonly<Record<string, unknown>>;

/** The template with something changed, as text, and what the linter says of it. */
function inspect(changes: Changes, from = template) {
  const document = parseDocument(from);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    if (value === undefined) document.deleteIn(keys);
    else document.setIn(keys, document.createNode(value));
  }
  return inspectProfile(document.toString(), "p.yml");
}

/** What makes a statement verified. */
const verified = (path: string): Changes => ({
  [`${path}.verification`]: "verified",
  [`${path}.checkedBy`]: "Somebody",
  [`${path}.checkedOn`]: "2026-01-01",
});

it("finds nothing wrong with the template as it stands", () => {
  const { profile, problems, notes } = inspectProfile(template, "template.yml");
  expect(profile?.id).toBe("template");
  expect(problems).toEqual([]);
  // What the imaginary act leaves open is said and is no fault.
  expect(notes.map(({ code }) => code)).toEqual(["PROFILE_GAP", "PROFILE_GAP"]);
});

describe("what is wrong, with its place", () => {
  it.each<[string, Changes, string, string]>([
    [
      "an instrument that is not there",
      { "rules.2.instrument": "stadium-reglation" },
      "PROFILE_UNKNOWN_INSTRUMENT",
      "rules[2].instrument: the profile has no instrument stadium-reglation (did you mean stadium-regulation?)",
    ],
    [
      "the same of what is said otherwise",
      { "otherwise.instrument": "other" },
      "PROFILE_UNKNOWN_INSTRUMENT",
      "otherwise.instrument: the profile has no instrument other",
    ],
    [
      "the same of a practice",
      { "practices.0.instrument": "other" },
      "PROFILE_UNKNOWN_INSTRUMENT",
      "practices[0].instrument",
    ],
    [
      "verified without who, when and where",
      { "rules.3.verification": "verified", "rules.3.source.url": null },
      "PROFILE_UNCHECKED",
      "rules[3].verification: it is marked verified without checkedBy and checkedOn and source.url",
    ],
    [
      "an instrument verified without a date",
      { ...verified("instruments.0"), "instruments.0.checkedOn": null },
      "PROFILE_UNCHECKED",
      "instruments[0].verification: it is marked verified without checkedOn",
    ],
    [
      "a placeholder for a source",
      { "rules.3.source.title": "TBD" },
      "PROFILE_NO_SOURCE",
      'rules[3].source.title: "TBD" is no source that anybody could look up',
    ],
    [
      "a source of no words",
      { "instruments.1.source.title": "?" },
      "PROFILE_NO_SOURCE",
      "instruments[1].source.title",
    ],
    [
      "a verified permission by an unverified instrument",
      { ...verified("rules.2") },
      "PROFILE_INSTRUMENT_UNVERIFIED",
      "rules[2].verification: the permission stadiums is marked verified, and its instrument stadium-regulation is marked unverified",
    ],
    [
      "a permission by an annulled instrument",
      {
        ...verified("instruments.1"),
        "instruments.1.status": "annulled",
        "instruments.1.annulmentGround": "procedural",
        ...verified("rules.2"),
      },
      "PROFILE_INSTRUMENT_NOT_IN_FORCE",
      "rules[2].instrument: the permission stadiums rests on stadium-regulation, which is annulled",
    ],
    [
      "a permission by a text that is only announced",
      { ...verified("instruments.1"), "instruments.1.status": "pending", ...verified("rules.2") },
      "PROFILE_INSTRUMENT_NOT_IN_FORCE",
      "which is not known to be in force",
    ],
    [
      "a permission before its instrument was in force",
      { ...verified("instruments.1"), ...verified("rules.2"), "rules.2.interval.from": "2030-06-30" },
      "PROFILE_INSTRUMENT_NOT_IN_FORCE",
      "rules[2].interval: the permission stadiums rests on stadium-regulation, which came into force on 2030-07-01",
    ],
    [
      "a permission without end by an instrument with one",
      { ...verified("instruments.1"), ...verified("rules.2"), "rules.2.interval.until": null },
      "PROFILE_INSTRUMENT_NOT_IN_FORCE",
      "which was in force until 2032-12-31",
    ],
    [
      "an expired instrument without its last day",
      { "instruments.0.status": "expired", "instruments.0.inForce.until": null },
      "PROFILE_INSTRUMENT_STATUS",
      "instruments[0].status: the instrument stadium-act has expired",
    ],
    [
      "an annulled one without its ground",
      { "instruments.0.status": "annulled" },
      "PROFILE_INSTRUMENT_STATUS",
      "instruments[0].status: the instrument stadium-act was annulled",
    ],
    [
      "a ground of annulment of what is in force",
      { "instruments.0.annulmentGround": "substantive" },
      "PROFILE_INSTRUMENT_STATUS",
      "instruments[0].annulmentGround",
    ],
    [
      "an interval that runs backwards",
      { "rules.3.interval": { from: "2033-01-02", until: "2033-01-01" } },
      "PROFILE_INTERVAL",
      "rules[3].interval: the interval ends on 2033-01-01, before it begins on 2033-01-02",
    ],
    [
      "an instrument's, too",
      { "instruments.0.inForce": { from: "2033-01-02", until: "2030-01-01" } },
      "PROFILE_INTERVAL",
      "instruments[0].inForce",
    ],
    [
      "a rule's id twice",
      { "rules.3.id": "stadiums" },
      "PROFILE_DUPLICATE_ID",
      "rules[3].id: the rule stadiums already exists (rules 2)",
    ],
    [
      "a rule and what is said otherwise under one id",
      { "otherwise.id": "sunset" },
      "PROFILE_DUPLICATE_ID",
      "otherwise.id: the rule sunset already exists (rules 3)",
    ],
    [
      "an instrument's id twice",
      { "instruments.1.id": "stadium-act" },
      "PROFILE_DUPLICATE_ID",
      "instruments[1].id: the instrument stadium-act already exists (instruments 0)",
    ],
    [
      "a restriction without a reason",
      { "rules.3.reason": null },
      "PROFILE_REASON",
      "rules[3].reason: the rule sunset (forbid) has the reason null, expected one of no_legal_basis",
    ],
    [
      "a restriction that says it is not verified",
      { "rules.3.reason": "unverified_basis" },
      "PROFILE_REASON",
      "has the reason unverified_basis",
    ],
    [
      "a permission with the reason of a restriction",
      { "rules.2.reason": "expired" },
      "PROFILE_REASON",
      "rules[2].reason: the rule stadiums (permit) has the reason expired, expected null or unverified_basis",
    ],
    ["a Cyrillic letter in a title", { "title.en": "Stаdium law" }, "PROFILE_LOOKALIKE", "title.en"],
    [
      "a Greek letter in a long text",
      { "rules.3.text.en": "The act ends by itsεlf." },
      "PROFILE_LOOKALIKE",
      "rules[3].text.en",
    ],
    [
      "an override of the reading direction",
      { "rules.3.source.title": "Stadium \u202eAct" },
      "PROFILE_LOOKALIKE",
      "invisible character U+202E",
    ],
  ])("%s", (_, changes, code, words) => {
    const { profile, problems } = inspect(changes);
    expect(profile).toBeNull();
    const found = problems.find((problem) => problem.code === code);
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(found?.severity).toBe("error");
    expect(problems.map(({ message }) => message).join("\n")).toContain(words);
    expect(found?.message).toMatch(/^p\.yml:\d+:\d+ /);
    expect(found?.line).toBeGreaterThan(1);
  });

  it("a permission in an overlay, and a restriction of an overlay under another name", () => {
    const [first] = parse(ban).rules;
    const { problems } = inspect(
      {
        "rules.0.effect": "permit",
        "rules.0.reason": null,
        "rules.1": { ...first, id: "b", reason: "expired" },
      },
      ban,
    );
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ["PROFILE_OVERLAY_PERMITS", "rules[0].effect"],
      ["PROFILE_REASON", "rules[1].reason"],
    ]);
  });

  it("an overlay that says nothing", () => {
    const { problems } = inspect({ rules: [] }, ban);
    expect(problems.map(({ code }) => code)).toEqual(["PROFILE_EMPTY"]);
  });

  it("all that is wrong at once, in the order of the file", () => {
    const { problems } = inspect({
      "title.en": "Stаdium law",
      "rules.3.reason": null,
      "rules.0.instrument": "other",
      "otherwise.source.title": "n/a",
    });
    expect(problems.map(({ code }) => code)).toEqual([
      "PROFILE_LOOKALIKE",
      "PROFILE_UNKNOWN_INSTRUMENT",
      "PROFILE_REASON",
      "PROFILE_NO_SOURCE",
    ]);
    expect(problems.map(({ line }) => line)).toEqual(
      problems.map(({ line }) => line).toSorted((a, b) => a - b),
    );
  });
});

describe("what the schema says", () => {
  it.each<[string, Changes, string, string]>([
    [
      "a rule without a source",
      { "rules.3.source": undefined },
      "CONFIG_MISSING_KEY",
      "rules[3]: source is missing",
    ],
    [
      "an event that is none of the eight",
      { "rules.2.events": ["crowd_densty"] },
      "CONFIG_VALUE",
      "rules[2].events",
    ],
    [
      "an unknown time zone",
      { timeZone: "Europe/Lille" },
      "CONFIG_VALUE",
      'timeZone: found "Europe/Lille", expected an IANA time zone',
    ],
    ["an offset for a time zone", { timeZone: "+02:00" }, "CONFIG_VALUE", "an IANA time zone"],
    [
      "a day that does not exist",
      { "rules.3.interval.from": "2033-02-29" },
      "CONFIG_VALUE",
      "expected a date, such as 2023-08-31",
    ],
    ["a Cyrillic letter in an id", { "rules.3.id": "sunsеt" }, "CONFIG_VALUE", "small Latin letters"],
    ["a key that nobody knows", { "rules.3.allow": true }, "CONFIG_UNKNOWN_KEY", "unknown key allow"],
    ["a regime without a rule", { rules: [] }, "CONFIG_VALUE", "rules"],
    [
      "an address that is no web address",
      { "rules.3.source.url": "javascript:alert(1)" },
      "CONFIG_VALUE",
      "https://",
    ],
  ])("%s", (_, changes, code, words) => {
    const { profile, problems } = inspect(changes);
    expect(profile).toBeNull();
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(problems.map(({ message }) => message).join("\n")).toContain(words);
  });
});

describe("warnings and notes", () => {
  it("a permission that a restriction covers wholly is never reached", () => {
    const { profile, problems } = inspect({ "rules.3.interval.from": "2030-07-01" });
    expect(profile).not.toBeNull();
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ["PROFILE_UNREACHABLE", "warning"],
    ]);
  });

  it("a permission for footage that the profile does not admit is never reached", () => {
    const { problems } = inspect({ "rules.2.footage": ["rendered"] });
    expect(problems.map(({ message }) => message).join()).toContain(
      "the profile admits live, recording alone",
    );
  });

  it("a permission that a restriction covers in part is a note with its days", () => {
    const { problems, notes } = inspect({ "rules.3.interval.from": "2032-12-01" });
    expect(problems).toEqual([]);
    expect(notes.map(({ message }) => message).join("\n")).toContain(
      "rules[2]: the permission stadiums is denied by sunset from 2032-12-01 to 2032-12-31",
    );
  });

  it("a gap is a note with its days and questions", () => {
    const { notes } = inspect({ "rules.1.interval.until": "2030-06-01" });
    expect(notes.map(({ message }) => message).join("\n")).toContain(
      "(live, recording; alert) from 2030-06-02 to 2030-06-30",
    );
  });
});
