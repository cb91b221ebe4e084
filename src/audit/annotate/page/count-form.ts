import type { AnnotatedCounts } from "../model/document.ts";
import type { Action, State } from "../model/state.ts";
import { clock } from "../model/time-view.ts";
import type { Words } from "../model/words.ts";
import { button, element } from "./elements.ts";
import { labelled } from "./fields.ts";

interface Acts {
  readonly dispatch: (action: Action) => void;
  /** Rules that a count may be of. */
  readonly rules: readonly string[];
  readonly say: (text: string) => void;
}

/** Counting of persons: which area, how often, and how far it is. */
export class CountForm {
  readonly root: HTMLElement;
  readonly #words: Words;
  readonly #acts: Acts;
  readonly #rule: HTMLInputElement;
  readonly #every = element("input", {
    id: "count-every",
    type: "number",
    min: "0.1",
    step: "any",
    value: "5",
  });
  readonly #about = element("p", { class: "help" });
  readonly #start: HTMLButtonElement;
  readonly #delete: HTMLButtonElement;
  #counts: AnnotatedCounts | null = null;

  constructor(words: Words, acts: Acts) {
    this.#words = words;
    this.#acts = acts;
    const known = element(
      "datalist",
      { id: "count-rules" },
      ...acts.rules.map((rule) => element("option", { value: rule })),
    );
    const [first = ""] = acts.rules;
    this.#rule = element("input", {
      id: "count-rule",
      list: "count-rules",
      autocomplete: "off",
      value: first,
    });
    this.#start = button(words.countStart, () => this.start(), {}, "C");
    this.#delete = button(words.countDelete, () => acts.dispatch({ type: "deleteCounts" }), {
      class: "quiet",
    });
    this.root = element(
      "details",
      { class: "counts" },
      element("summary", {}, element("h2", {}, words.counts)),
      element("p", { class: "help" }, words.countsAbout),
      element(
        "div",
        { class: "pair" },
        labelled(words.countRule, this.#rule),
        labelled(words.countEvery, this.#every),
      ),
      known,
      this.#about,
      element("div", { class: "row" }, this.#start, this.#delete),
    );
  }

  /** Goes on counting at the first instant without a number. */
  start(): void {
    const rule = this.#rule.value.trim();
    const everySeconds = this.#every.valueAsNumber;
    if (rule === "" || rule.length > 200 || !(everySeconds >= 0.1)) {
      this.root.setAttribute("open", "");
      this.#acts.say(this.#words.countNeeds);
      (rule === "" ? this.#rule : this.#every).focus();
      return;
    }
    this.#acts.dispatch({ type: "count", rule, everySeconds, index: this.#counts?.values.length ?? 0 });
  }

  render({ annotation, mode }: State): void {
    const { counts } = annotation;
    this.#counts = counts;
    if (mode.kind === "count" || (counts !== null && this.root.dataset["seen"] === undefined)) {
      this.root.dataset["seen"] = "";
      this.root.setAttribute("open", "");
    }
    this.#delete.hidden = counts === null;
    this.#rule.readOnly = counts !== null;
    this.#every.readOnly = counts !== null;
    this.#start.firstChild?.replaceWith(counts === null ? this.#words.countStart : this.#words.countGoOn);
    if (counts === null) {
      this.#about.textContent = "";
      return;
    }
    this.#rule.value = counts.rule;
    this.#every.value = String(counts.everySeconds);
    const last = Math.max(0, counts.values.length - 1) * counts.everySeconds;
    const numbers = `${counts.values.slice(-12).join(" ")}`;
    this.#about.textContent = `${this.#words.countDone(counts.values.length, clock(last))}: ${counts.values.length > 12 ? "… " : ""}${numbers}`;
  }
}
