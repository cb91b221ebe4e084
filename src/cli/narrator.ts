import { type Alert, alertLine } from "../alerts/alert.ts";
import type { HealthEntry } from "../engine/run-summary.ts";
import type { CodedError } from "../errors.ts";
import { resolveModel } from "../models/models.ts";
import type { SourceInfo } from "../sources/source.ts";
import { clockTime, type RunDisplay } from "./run-display.ts";
import { type Language, WORDS } from "./words.ts";

/** Says what happens during a run: alerts on standard output, everything else beside it. */
export class Narrator {
  readonly #display: RunDisplay;
  readonly #language: Language;
  readonly #json: boolean;

  constructor(display: RunDisplay, language: Language, json: boolean) {
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

  ready(cameraId: string, info: SourceInfo, rules: number): void {
    this.#display.note(
      this.#words.watching(cameraId, info.address, `${info.width}×${info.height} ${info.codec}`),
    );
    if (rules === 0) this.#display.note(this.#words.noRules(cameraId));
  }

  alert(alert: Alert): void {
    this.#display.line(this.#json ? alertLine(alert) : this.#alertText(alert));
  }

  health(cameraId: string, health: HealthEntry): void {
    if (health.kind === "ended") return;
    const at = health.streamTime === null ? "" : `${clockTime(health.streamTime)}  `;
    this.#display.note(`${at}${cameraId}: ${health.detail}`);
  }

  failed(cameraId: string, error: CodedError): void {
    this.#display.note(`${cameraId}: ${error.message}\n${error.help}\n(${error.code})`);
  }

  stopping(): void {
    this.#display.note(this.#words.stopping);
  }

  finished(totals: { alerts: number; cameras: number; videoSeconds: number }, reportPath: string): void {
    const minutes = new Intl.NumberFormat(this.#language, { maximumFractionDigits: 1 });
    this.#display.note(
      this.#words.summary(totals.alerts, totals.cameras, minutes.format(totals.videoSeconds / 60)),
    );
    this.#display.note(this.#words.open(reportPath));
  }

  #alertText(alert: Alert): string {
    const words = this.#words;
    const { kind, id } = alert.place;
    const place =
      kind === "view" || id === null ? words.view : kind === "zone" ? words.zone(id) : words.line(id);
    const what =
      alert.kind === "raised" ? words.raised : words.closed((alert.streamTime - alert.since).toFixed(1));
    const parts = [
      clockTime(alert.streamTime).padStart(8),
      what,
      words.events[alert.event],
      place,
      alert.cameraId,
    ];
    if (alert.kind === "raised" && alert.countBand !== null) {
      parts.push(words.persons(Math.round(alert.countBand.low), Math.round(alert.countBand.high)));
    }
    if (alert.kind === "raised" && alert.evidence !== null) parts.push(alert.evidence.still);
    return parts.join("  ");
  }
}
