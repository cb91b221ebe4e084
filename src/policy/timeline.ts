import { EVENT_TYPES, type EventType } from "../event.ts";
import { type LawAnswer, lawAt } from "./law.ts";
import type { Profile } from "./profile.ts";
import { FOOTAGE_KINDS, type FootageKind, USES, type Use } from "./question.ts";
import { addDays, startOfDay } from "./time-zone.ts";

/** What the law says for a while. `silent`: an overlay that has nothing to say. */
export type Verdict = "permitted" | "denied" | "unverified" | "silent";

/** Days on end with the same answer. */
export interface Span {
  /** First and last day, both included, in the profile's time zone; null is open. */
  readonly from: string | null;
  readonly until: string | null;
  readonly verdict: Verdict;
  readonly answer: LawAnswer;
}

/** The questions that a profile answers alike at all times, and its answers through time. */
export interface Lane {
  readonly events: readonly EventType[];
  readonly footage: readonly FootageKind[];
  readonly uses: readonly Use[];
  /** In order, without gaps: the first is open at its beginning, the last at its end. */
  readonly spans: readonly Span[];
}

/**
 * All that a profile says, through all time: it is asked day by day where something begins or ends, so that what is
 * drawn and checked is what the clock of the law answers and no second reading of the data.
 */
export function timeline(profile: Profile): readonly Lane[] {
  const footage = profile.kind === "regime" ? profile.footage : FOOTAGE_KINDS;
  const days = boundaries(profile);
  const cells = USES.flatMap((use) =>
    footage.flatMap((kind) =>
      EVENT_TYPES.map((event) => ({ use, kind, event, spans: spansOf(profile, days, use, kind, event) })),
    ),
  );
  return [...Map.groupBy(cells, ({ spans }) => JSON.stringify(spans)).values()].flatMap(product);
}

type Cell = {
  readonly use: Use;
  readonly kind: FootageKind;
  readonly event: EventType;
  readonly spans: readonly Span[];
};

/** Cells that answer alike as lanes: each all of some events, footage and uses, so that it can be named. */
function product(cells: readonly Cell[]): readonly Lane[] {
  const lane = laneOf(cells);
  if (lane.events.length * lane.footage.length * lane.uses.length === cells.length) return [lane];
  const byUse = Map.groupBy(cells, ({ use }) => use);
  const parts = byUse.size > 1 ? byUse : Map.groupBy(cells, ({ kind }) => kind);
  return [...parts.values()].flatMap(product);
}

function laneOf(cells: readonly Cell[]): Lane {
  return {
    events: EVENT_TYPES.filter((event) => cells.some((cell) => cell.event === event)),
    footage: FOOTAGE_KINDS.filter((kind) => cells.some((cell) => cell.kind === kind)),
    uses: USES.filter((use) => cells.some((cell) => cell.use === use)),
    spans: cells[0]?.spans ?? [],
  };
}

/** Every day on which some rule or instrument begins to hold or no longer holds, in order. */
function boundaries(profile: Profile): readonly string[] {
  const intervals = [
    ...profile.rules.map((rule) => rule.interval),
    ...profile.instruments.map((instrument) => instrument.inForce),
  ];
  const days = intervals.flatMap(({ from, until }) => [
    ...(from === null ? [] : [from]),
    ...(until === null ? [] : [addDays(until, 1)]),
  ]);
  return [...new Set(days)].toSorted();
}

function spansOf(
  profile: Profile,
  days: readonly string[],
  use: Use,
  footage: FootageKind,
  event: EventType,
): readonly Span[] {
  const before = days[0] === undefined ? "2000-01-01" : addDays(days[0], -1);
  const spans: Span[] = [];
  for (const [index, day] of [before, ...days].entries()) {
    const at = startOfDay(day, profile.timeZone);
    const answer = lawAt(profile, { at, event, footage, use });
    const last = spans.at(-1);
    if (last !== undefined && sameAnswer(last.answer, answer)) continue;
    if (last !== undefined) spans[spans.length - 1] = { ...last, until: addDays(day, -1) };
    spans.push({ from: index === 0 ? null : day, until: null, verdict: verdictOf(answer), answer });
  }
  return spans;
}

function verdictOf({ permit, denials }: LawAnswer): Verdict {
  if (permit !== null) return "permitted";
  if (denials.length === 0) return "silent";
  return denials.every(({ code }) => code === "unverified_basis") ? "unverified" : "denied";
}

function sameAnswer(a: LawAnswer, b: LawAnswer): boolean {
  const key = ({ permit, denials }: LawAnswer) =>
    JSON.stringify([permit?.id ?? null, denials.map(({ code, ruleId }) => [code, ruleId])]);
  return key(a) === key(b);
}
