import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Alert, alertLine } from "../alerts/alert.ts";
import type { HealthEntry } from "../engine/run-summary.ts";
import type { CodedError } from "../errors.ts";
import { LASTING_HEALTH } from "../frames/health.ts";
import { resolveModel } from "../models/models.ts";
import type { Decision } from "../policy/question.ts";
import { FORMATS, type Language } from "../report/language.ts";
import type { SourceInfo } from "../sources/source.ts";
import { type Clock, type Seconds, systemClock } from "../time/clock.ts";
import { clockTime, type RunDisplay } from "./run-display.ts";
import { standingText } from "./standing-text.ts";
import { WORDS } from "./words.ts";

const SAY_AGAIN_AFTER: Seconds = 60;

/** Says what happens during a run: alerts on standard output, everything else beside it. */
export class Narrator {
  readonly #display: RunDisplay;
  readonly #language: Language;
  readonly #json: boolean;
  readonly #clock: Clock;
  /** What was last said of each rule. */
  readonly #standing = new Map<string, string>();
  /** When a lasting trouble of a camera was last said. */
  readonly #lastSaid = new Map<string, Seconds>();

  constructor(display: RunDisplay, language: Language, json: boolean, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#display = display;
    this.#language = language;
    this.#json = json;
  }

  get #words() {
    return WORDS[this.#language];
  }

  kept(folder: string): void {
    this.#display.note(this.#words.kept(folder));
  }

  /** Sees that the model is here before any camera starts, so that it is fetched once and not by each. */
  async model(nameOrPath: string): Promise<void> {
    let said = false;
    await resolveModel(nameOrPath, {
      onProgress: () => {
        if (!said) this.#display.note(this.#words.pulling(nameOrPath));
        said = true;
      },
    });
  }

  ready(cameraId: string, info: SourceInfo): void {
    this.#display.note(
      this.#words.watching(cameraId, info.address, `${info.width}×${info.height} ${info.codec}`),
    );
  }

  noRules(cameraId: string): void {
    this.#display.note(this.#words.noRules(cameraId, shownPath(EXAMPLE)));
  }

  alert(alert: Alert): void {
    this.#display.line(this.#json ? alertLine(alert) : this.#alertText(alert));
  }

  health(cameraId: string, health: HealthEntry): void {
    if (health.kind === "ended" || !this.#due(cameraId, health)) return;
    const at = health.streamTime === null ? "" : `${clockTime(health.streamTime)}  `;
    this.#display.note(`${at}${cameraId}: ${health.detail}`);
  }

  /** What comes every second while it lasts is said now and then: run.json and the report have it all. */
  #due(cameraId: string, { kind, code }: HealthEntry): boolean {
    if (!LASTING_HEALTH.has(kind)) return true;
    const now = this.#clock.monotonic();
    const trouble = `${kind} ${code} ${cameraId}`;
    const last = this.#lastSaid.get(trouble);
    if (last !== undefined && now - last < SAY_AGAIN_AFTER) return false;
    this.#lastSaid.set(trouble, now);
    return true;
  }

  failed(cameraId: string, error: CodedError): void {
    this.#display.error(`${cameraId}: ${error.message}\n  ${error.help}\n  (${error.code})`);
  }

  /** A document of the gate's world that could not be read. */
  unreadable(file: string, code: string, message: string): void {
    this.#display.error(`${file}: ${message}\n  (${code})`);
  }

  stopping(): void {
    this.#display.note(this.#words.stopping);
  }

  /** No camera gave a picture. */
  nothing(): void {
    this.#display.note(this.#words.nothing);
  }

  finished(totals: { alerts: number; cameras: number; videoSeconds: number }, reportPath: string): void {
    const length = lengthOf(totals.videoSeconds);
    this.#display.note(this.#words.summary(totals.alerts, totals.cameras, length));
    this.#display.note(this.#words.open(shownPath(reportPath)));
  }

  /** Says what the gate denies and why, where it says something else than before. */
  standing(decisions: readonly Decision[]): void {
    const changed = decisions.filter((decision) => {
      const rule = `${decision.cameraId} ${decision.ruleId} ${decision.event}`;
      const said = JSON.stringify([decision.allow, decision.reasons.map(({ code }) => code)]);
      const before = this.#standing.get(rule);
      this.#standing.set(rule, said);
      // What runs from the start needs no word.
      return before === undefined ? !decision.allow : before !== said;
    });
    for (const text of this.#standingTexts(changed)) this.#display.note(text);
  }

  /** Says why a camera is not even begun with, also where only results are wanted. */
  refused(decisions: readonly Decision[]): void {
    for (const text of this.#standingTexts(decisions)) this.#display.error(text);
    for (const { cameraId, ruleId, event, allow, reasons } of decisions) {
      this.#standing.set(
        `${cameraId} ${ruleId} ${event}`,
        JSON.stringify([allow, reasons.map(({ code }) => code)]),
      );
    }
  }

  /** Rules that have the same answer share a paragraph. */
  #standingTexts(decisions: readonly Decision[]): readonly string[] {
    const groups = Map.groupBy(decisions, ({ cameraId, allow, reasons }) =>
      JSON.stringify([cameraId, allow, reasons]),
    );
    return [...groups.values()].flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const rules = [...new Set([first, ...others].map(({ ruleId }) => ruleId))].join(", ");
      return [standingText(first, rules, this.#language)];
    });
  }

  #alertText(alert: Alert): string {
    const words = this.#words;
    const lasted = FORMATS[this.#language].number(alert.streamTime - alert.since, 1);
    const what = alert.kind === "raised" ? words.raised : words.closed(lasted);
    const parts = [
      clockTime(alert.streamTime).padStart(8),
      what,
      words.events[alert.event],
      words.place(alert.place.kind, alert.place.id),
      alert.cameraId,
    ];
    if (alert.kind === "raised" && alert.countBand !== null) {
      parts.push(words.persons(Math.round(alert.countBand.low), Math.round(alert.countBand.high)));
    }
    if (alert.kind === "raised" && alert.evidence !== null) {
      const { evidence } = alert;
      parts.push(evidence.kind === "clear" ? evidence.still : words.sealed(evidence.id));
    }
    return parts.join("  ");
  }
}

/** The commented example, in a checkout and in the package alike. */
const EXAMPLE = fileURLToPath(new URL("../../examples/watch.yml", import.meta.url));

/** A path as it is shorter to read and to type: from here where it lies below, else whole. */
function shownPath(path: string): string {
  const from = relative(process.cwd(), path);
  return from === "" || from.startsWith("..") ? path : from;
}

/** `12 s`, `5 min`, `1 h 5 min`: the units' signs are the same in every language. */
export function lengthOf(seconds: Seconds): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;
}
