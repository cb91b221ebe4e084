import { type Finding, hint, type KeyPath } from "../config/diagnostics.ts";
import { fault } from "../errors.ts";
import { EVENT_TYPES } from "../event.ts";
import { invisible, suspectName } from "./homoglyph.ts";
import type { DayInterval, Instrument, Profile, ProfileRule } from "./profile.ts";
import { type Lane, type Span, timeline } from "./timeline.ts";

/** What the linter found. Notes are for the reader: they keep nothing from being used and are no fault. */
export interface LintFindings {
  readonly findings: readonly Finding[];
  readonly notes: readonly Finding[];
}

/**
 * What a schema cannot say of a profile: that everything cited exists, that what is marked verified was verified, that
 * intervals and instruments fit, that no word passes for another one, and that every permission can apply.
 */
export function lintProfile(profile: Profile): LintFindings {
  const lanes = timeline(profile);
  return {
    findings: [
      ...ids(profile),
      ...profile.instruments.flatMap((instrument, index) =>
        checkInstrument(instrument, ["instruments", index]),
      ),
      ...profile.rules.flatMap((rule, index) => checkRule(profile, rule, ["rules", index])),
      ...cited(profile),
      ...intervals(profile),
      ...empty(profile),
      ...unreachable(profile, lanes),
      ...lookalikes(profile),
    ],
    notes: [...overlaps(profile), ...gaps(profile, lanes)],
  };
}

/** Everything of a profile that cites a source and carries a mark of verification. */
function statements(profile: Profile) {
  const otherwise = profile.kind === "regime" ? profile.otherwise : null;
  return [
    ...profile.rules.map((rule, index) => ({ ...rule, path: ["rules", index] })),
    ...profile.practices.map((practice, index) => ({ ...practice, path: ["practices", index] })),
    ...(otherwise === null ? [] : [{ ...otherwise, path: ["otherwise"] }]),
  ];
}

function ids(profile: Profile): readonly Finding[] {
  const twice = (what: string, list: readonly { readonly id: string; readonly path: KeyPath }[]) =>
    list.flatMap(({ id, path }, index): readonly Finding[] => {
      const first = list.findIndex((other) => other.id === id);
      const where = list[first]?.path;
      if (first === index || where === undefined) return [];
      return [
        error([...path, "id"], (at) =>
          fault("PROFILE_DUPLICATE_ID", { at, what, id, first: where.join(" ") }),
        ),
      ];
    });
  return [
    ...twice(
      "instrument",
      profile.instruments.map(({ id }, index) => ({ id, path: ["instruments", index] })),
    ),
    ...twice("rule", statements(profile)),
  ];
}

function checkInstrument(instrument: Instrument, path: KeyPath): readonly Finding[] {
  const { id, status, annulmentGround, inForce } = instrument;
  const wrong = (key: string, what: string) =>
    error([...path, key], (at) => fault("PROFILE_INSTRUMENT_STATUS", { at, instrument: id, what }));
  return [
    ...(status === "expired" && inForce.until === null
      ? [wrong("status", "has expired, and inForce does not say on which day it ended")]
      : []),
    ...(status === "annulled" && annulmentGround === null
      ? [wrong("status", "was annulled, and annulmentGround does not say whether for procedure or substance")]
      : []),
    ...(annulmentGround !== null && status !== "annulled" && status !== "never_took_effect"
      ? [wrong("annulmentGround", `has a ground of annulment, and its status is ${status}`)]
      : []),
  ];
}

function checkRule(profile: Profile, rule: ProfileRule, path: KeyPath): readonly Finding[] {
  if (rule.effect === "forbid") return checkRestriction(profile, rule, path);
  if (profile.kind === "overlay") {
    return [error([...path, "effect"], (at) => fault("PROFILE_OVERLAY_PERMITS", { at, rule: rule.id }))];
  }
  const found = rule.reason;
  const reason =
    found === null || found === "unverified_basis"
      ? []
      : [wrongReason(rule, path, found, "null or unverified_basis")];
  return [...reason, ...checkBasis(profile, rule, path)];
}

function checkRestriction(profile: Profile, rule: ProfileRule, path: KeyPath): readonly Finding[] {
  const expected =
    profile.kind === "overlay"
      ? "overlay_forbids"
      : "one of no_legal_basis, decree_missing, expired, annulled";
  const found = rule.reason;
  if (profile.kind === "overlay" ? found === "overlay_forbids" : isOwnReason(found)) return [];
  return [wrongReason(rule, path, found ?? "null", expected)];
}

function isOwnReason(reason: ProfileRule["reason"]): boolean {
  return reason !== null && reason !== "overlay_forbids" && reason !== "unverified_basis";
}

function wrongReason(rule: ProfileRule, path: KeyPath, found: string, expected: string): Finding {
  const { id, effect } = rule;
  return error([...path, "reason"], (at) =>
    fault("PROFILE_REASON", { at, rule: id, effect, found, expected }),
  );
}

/** A permission that is marked verified must rest on an instrument that carries it. */
function checkBasis(profile: Profile, rule: ProfileRule, path: KeyPath): readonly Finding[] {
  const instrument = profile.instruments.find(({ id }) => id === rule.instrument);
  if (instrument === undefined || rule.verification !== "verified") return [];
  const { status, inForce, verification } = instrument;
  const unfit = (key: string, why: string) =>
    error([...path, key], (at) =>
      fault("PROFILE_INSTRUMENT_NOT_IN_FORCE", { at, rule: rule.id, instrument: instrument.id, why }),
    );
  const found: Finding[] = [];
  if (status !== "in_force" && status !== "expired") found.push(unfit("instrument", `is ${STATUS[status]}`));
  else {
    const { from, until } = rule.interval;
    if (inForce.from !== null && (from === null || from < inForce.from))
      found.push(unfit("interval", `came into force on ${inForce.from}`));
    if (inForce.until !== null && (until === null || until > inForce.until))
      found.push(unfit("interval", `was in force until ${inForce.until}`));
  }
  if (verification !== "verified") {
    found.push(
      error([...path, "verification"], (at) =>
        fault("PROFILE_INSTRUMENT_UNVERIFIED", {
          at,
          rule: rule.id,
          instrument: instrument.id,
          mark: `is marked ${verification}`,
        }),
      ),
    );
  }
  return found;
}

const STATUS = {
  annulled: "annulled",
  never_took_effect: "of those that never took effect",
  pending: "not known to be in force",
} as const;

/** Sources, marks of verification and instruments that are cited. */
function cited(profile: Profile): readonly Finding[] {
  const known = profile.instruments.map(({ id }) => id);
  const all = [
    ...profile.instruments.map((instrument, index) => ({ ...instrument, path: ["instruments", index] })),
    ...statements(profile),
  ];
  return all.flatMap((statement): readonly Finding[] => {
    const { path, source, verification, checkedBy, checkedOn } = statement;
    const found: Finding[] = [];
    if (!/\p{L}{2}/u.test(source.title) || PLACEHOLDER.test(source.title)) {
      const shown = JSON.stringify(source.title);
      found.push(
        error([...path, "source", "title"], (at) => fault("PROFILE_NO_SOURCE", { at, found: shown })),
      );
    }
    const missing = [
      ...(checkedBy === null ? ["checkedBy"] : []),
      ...(checkedOn === null ? ["checkedOn"] : []),
      ...(source.url === null ? ["source.url"] : []),
    ];
    if (verification === "verified" && missing.length > 0) {
      found.push(
        error([...path, "verification"], (at) =>
          fault("PROFILE_UNCHECKED", { at, missing: missing.join(" and ") }),
        ),
      );
    }
    if ("instrument" in statement && !known.includes(statement.instrument)) {
      const { instrument } = statement;
      found.push(
        error([...path, "instrument"], (at) =>
          fault("PROFILE_UNKNOWN_INSTRUMENT", {
            at,
            id: instrument,
            hint: hint(instrument, known),
            known: known.join(", "),
          }),
        ),
      );
    }
    return found;
  });
}

/** What stands where a source should, in drafts. */
const PLACEHOLDER =
  /^\W*(?:tbd|tba|todo|fixme|xxx+|n\/?a|none|unknown|source|aucune?|inconnue?|à compléter)\W*$/i;

function intervals(profile: Profile): readonly Finding[] {
  const reversed = ({ from, until }: DayInterval, path: KeyPath): readonly Finding[] =>
    from !== null && until !== null && from > until
      ? [error(path, (at) => fault("PROFILE_INTERVAL", { at, from, until }))]
      : [];
  return [
    ...profile.instruments.flatMap(({ inForce }, i) => reversed(inForce, ["instruments", i, "inForce"])),
    ...profile.rules.flatMap(({ interval }, i) => reversed(interval, ["rules", i, "interval"])),
    ...profile.practices.flatMap(({ interval }, i) => reversed(interval, ["practices", i, "interval"])),
  ];
}

function empty(profile: Profile): readonly Finding[] {
  if (profile.rules.length > 0 || profile.practices.length > 0) return [];
  return [error(["rules"], (at) => fault("PROFILE_EMPTY", { at }))];
}

/** Permissions that decide nothing anywhere: something comes before them everywhere, or their footage is not admitted. */
function unreachable(profile: Profile, lanes: readonly Lane[]): readonly Finding[] {
  const spans = lanes.flatMap((lane) => lane.spans);
  return profile.rules.flatMap((rule, index): readonly Finding[] => {
    if (rule.effect === "forbid" || profile.kind === "overlay" || reversed(rule.interval)) return [];
    // What never permits for want of a sound instrument is told as that.
    if (checkBasis(profile, rule, []).length > 0) return [];
    if (spans.some((span) => decides(span, rule.id))) return [];
    const admitted = rule.footage.some((kind) => profile.footage.includes(kind));
    const why = admitted
      ? "other rules come before it everywhere"
      : `the profile admits ${profile.footage.join(", ")} alone`;
    return [
      {
        severity: "warning",
        path: ["rules", index],
        fault: (at) => fault("PROFILE_UNREACHABLE", { at, rule: rule.id, why }),
      },
    ];
  });
}

function reversed({ from, until }: DayInterval): boolean {
  return from !== null && until !== null && from > until;
}

function decides({ answer }: Span, ruleId: string): boolean {
  return answer.permit?.id === ruleId || answer.denials.some((denial) => denial.ruleId === ruleId);
}

/** Where a restriction comes before a permission for a part of its time. */
function overlaps(profile: Profile): readonly Finding[] {
  const forbids = profile.rules.filter((rule) => rule.effect === "forbid");
  return profile.rules.flatMap((rule, index): readonly Finding[] => {
    if (rule.effect === "forbid") return [];
    return forbids
      .filter((forbid) => meet(rule, forbid))
      .map((forbid) => {
        const from = latest(rule.interval.from, forbid.interval.from);
        const until = earliest(rule.interval.until, forbid.interval.until);
        return note(["rules", index], (at) =>
          fault("PROFILE_OVERLAP", { at, rule: rule.id, by: forbid.id, ...written({ from, until }) }),
        );
      });
  });
}

function meet(a: ProfileRule, b: ProfileRule): boolean {
  const events = (rule: ProfileRule) => (rule.events === "all" ? EVENT_TYPES : rule.events);
  return (
    events(a).some((event) => events(b).includes(event)) &&
    a.footage.some((kind) => b.footage.includes(kind)) &&
    a.uses.some((use) => b.uses.includes(use)) &&
    !reversed({
      from: latest(a.interval.from, b.interval.from),
      until: earliest(a.interval.until, b.interval.until),
    })
  );
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null) return b;
  return b === null || a > b ? a : b;
}

function earliest(a: string | null, b: string | null): string | null {
  if (a === null) return b;
  return b === null || a < b ? a : b;
}

/** Days on which a regime is asked and none of its rules answers. */
function gaps(profile: Profile, lanes: readonly Lane[]): readonly Finding[] {
  if (profile.kind === "overlay") return [];
  const rules = profile.rules.map(({ id }) => id);
  const answered = (span: Span) =>
    span.answer.permit !== null ||
    span.answer.denials.some(({ ruleId }) => ruleId !== null && rules.includes(ruleId));
  return lanes.flatMap(({ events, footage, uses, spans }) =>
    spans
      .filter((span) => !answered(span))
      .map((span) => {
        const named = events.length === EVENT_TYPES.length ? "all events" : events.join(", ");
        const what = `${named} (${footage.join(", ")}; ${uses.join(", ")})`;
        return note(["rules"], (at) => fault("PROFILE_GAP", { at, what, ...written(span) }));
      }),
  );
}

function written({ from, until }: DayInterval): { readonly from: string; readonly until: string } {
  return { from: from ?? "the beginning", until: until ?? "the end of time" };
}

/** Words that pass for other ones: in names and citations any, in longer texts within a word. */
function lookalikes(profile: Profile): readonly Finding[] {
  return texts(profile, []).flatMap(({ text, path }): readonly Finding[] => {
    const long = path.some((key) => key === "text" || key === "summary" || key === "note");
    const suspect = long ? (invisible(text) ?? mixed(text)) : suspectName(text);
    if (suspect === null) return [];
    const { word, what } = suspect;
    return [error(path, (at) => fault("PROFILE_LOOKALIKE", { at, word: JSON.stringify(word), what }))];
  });
}

/** In a text that may quote another language whole words of another script are no fault; a mixed word is. */
function mixed(text: string): ReturnType<typeof suspectName> {
  for (const word of text.split(/[^\p{L}\p{M}]+/u)) {
    const suspect = suspectName(word);
    if (suspect !== null) return suspect;
  }
  return null;
}

function texts(value: unknown, path: KeyPath): readonly { readonly text: string; readonly path: KeyPath }[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap((item, index) => texts(item, [...path, index]))
    : Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, key]));
}

function error(path: KeyPath, make: Finding["fault"]): Finding {
  return { severity: "error", path, fault: make };
}

function note(path: KeyPath, make: Finding["fault"]): Finding {
  return { severity: "warning", path, fault: make };
}
