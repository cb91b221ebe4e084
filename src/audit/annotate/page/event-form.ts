import type { AnnotatedEvent } from "../model/document.ts";
import { conditionsText, parsedConditions, wordsOfPersons } from "../model/note-check.ts";
import type { Kind } from "../model/session.ts";
import type { Action } from "../model/state.ts";
import { clock, parsedTime } from "../model/time-view.ts";
import type { Words } from "../model/words.ts";
import { button, element } from "./elements.ts";
import { explained, faultLine, labelled, sayFault } from "./fields.ts";
import { KindField } from "./kind-field.ts";

interface Acts {
  readonly dispatch: (action: Action) => void;
  /** Puts begin or end at the picture that is shown. */
  readonly setHere: (which: "begin" | "end") => void;
  readonly draw: () => void;
  readonly remove: () => void;
  readonly kinds: () => readonly Kind[];
  readonly nameOf: (kind: Kind) => string;
}

type Change = Extract<Action, { readonly type: "edit" }>["change"];

/** Stands for no event: ids begin with 1. */
const NONE = 0;

/** What is known of the selected event, in fields. A field that is typed into keeps what is typed. */
export class EventForm {
  readonly root = element("div", { class: "fields" });
  readonly #words: Words;
  readonly #acts: Acts;
  /** Shows the event in each field. */
  #fill: ((event: AnnotatedEvent) => void)[] = [];
  #shown: number | null = null;

  constructor(words: Words, acts: Acts) {
    this.#words = words;
    this.#acts = acts;
  }

  render(event: AnnotatedEvent | null): void {
    const shown = event?.id ?? NONE;
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#build(event);
    }
    if (event !== null) for (const fill of this.#fill) fill(event);
  }

  #build(event: AnnotatedEvent | null): void {
    this.#fill = [];
    if (event === null) {
      this.root.replaceChildren(element("p", { class: "muted" }, this.#words.nothingSelected));
      return;
    }
    const words = this.#words;
    this.root.replaceChildren(
      this.#kind(),
      element(
        "div",
        { class: "pair" },
        this.#time("begin", words.begin, "["),
        this.#time("end", words.end, "]"),
      ),
      this.#tolerance(),
      this.#box(),
      this.#conditions(),
      this.#note(),
      button(
        words.delete,
        () => this.#acts.dispatch({ type: "delete" }),
        { class: "quiet" },
        words.keyNames["Delete"] ?? "Delete",
      ),
    );
  }

  #kind(): HTMLElement {
    const { kinds, nameOf, dispatch } = this.#acts;
    const choose = (kind: Kind): void => dispatch({ type: "kind", ...kind });
    const field = new KindField(this.#words, { kinds, nameOf, choose });
    this.#fill.push((event) => field.render(event));
    return field.root;
  }

  #time(which: "begin" | "end", label: string, key: string): HTMLElement {
    const input = element("input", { id: which, class: "mono", autocomplete: "off", inputmode: "decimal" });
    const fault = faultLine(which);
    input.setAttribute("aria-describedby", fault.id);
    input.addEventListener("change", () => {
      const seconds = parsedTime(input.value);
      sayFault(input, fault, seconds === null ? this.#words.timeWrong : "");
      if (seconds !== null) this.#change({ [which]: seconds });
    });
    this.#fill.push((event) => {
      if (document.activeElement !== input || input.getAttribute("aria-invalid") !== "true")
        input.value = clock(event[which]);
    });
    const name = `${label} ${this.#words.setHere}`;
    const here = button("", () => this.#acts.setHere(which), { "aria-label": name, title: name }, key);
    return element("div", {}, labelled(label, input, here), fault);
  }

  #tolerance(): HTMLElement {
    const input = element("input", { id: "tolerance", type: "number", min: "0", step: "0.1", class: "mono" });
    input.addEventListener("input", () => {
      const seconds = input.valueAsNumber;
      if (Number.isFinite(seconds) && seconds >= 0) this.#change({ tolerance: seconds }, "tolerance");
    });
    this.#fill.push((event) => {
      if (document.activeElement !== input) input.value = String(event.tolerance);
    });
    return explained(this.#words.tolerance, input, this.#words.toleranceHelp);
  }

  #box(): HTMLElement {
    const words = this.#words;
    const text = element("span");
    const draw = button("", () => this.#acts.draw(), {}, "B");
    const remove = button(words.remove, () => this.#acts.remove(), { class: "quiet" });
    this.#fill.push(({ box }) => {
      text.textContent = box === null ? words.noBox : `${box[0]}, ${box[1]}; ${box[2]} × ${box[3]} px`;
      text.className = box === null ? "muted" : "mono";
      draw.firstChild?.replaceWith(box === null ? words.draw : words.redraw);
      remove.hidden = box === null;
    });
    const row = element("div", { class: "row" }, draw, remove);
    return element(
      "div",
      { role: "group", "aria-label": words.box },
      element("span", { class: "label" }, words.box),
      text,
      row,
    );
  }

  #conditions(): HTMLElement {
    const input = element("input", {
      id: "conditions",
      autocomplete: "off",
      placeholder: this.#words.conditionsHelp,
    });
    const fault = faultLine("conditions");
    input.setAttribute("aria-describedby", fault.id);
    input.addEventListener("change", () => {
      const conditions = parsedConditions(input.value);
      sayFault(input, fault, conditions === null ? this.#words.conditionsWrong : "");
      if (conditions !== null) this.#change({ conditions });
    });
    this.#fill.push((event) => {
      if (document.activeElement !== input) input.value = conditionsText(event.conditions);
    });
    return element("div", {}, labelled(this.#words.conditions, input), fault);
  }

  #note(): HTMLElement {
    const input = element("textarea", { id: "note", rows: "2", maxlength: "2000" });
    const warning = element("p", { class: "warn", id: "note-warning", role: "status" });
    input.addEventListener("input", () => this.#change({ note: input.value }, "note"));
    this.#fill.push((event) => {
      if (document.activeElement !== input) input.value = event.note;
      const found = wordsOfPersons(event.note);
      const text = found.length === 0 ? "" : this.#words.noteWarning(found.join(", "));
      if (warning.textContent !== text) warning.textContent = text;
    });
    return element("div", {}, explained(this.#words.note, input, this.#words.noteHelp), warning);
  }

  #change(change: Change, typing: string | null = null): void {
    this.#acts.dispatch({ type: "edit", change, typing });
  }
}
