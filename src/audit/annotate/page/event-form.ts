import type { AnnotatedEvent } from "../model/document.ts";
import { conditionsText, parsedConditions, wordsOfPersons } from "../model/note-check.ts";
import type { Kind } from "../model/session.ts";
import type { Action } from "../model/state.ts";
import { clock, parsedTime } from "../model/time-view.ts";
import type { Words } from "../model/words.ts";
import { button, element } from "./elements.ts";

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

const EVENT_NAME = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;

/** What is known of the selected event, in fields. A field that is typed into keeps what is typed. */
export class EventForm {
  readonly root = element("div", { class: "fields" });
  readonly #words: Words;
  readonly #acts: Acts;
  /** Shows the event in each field. */
  #fill: ((event: AnnotatedEvent) => void)[] = [];
  #shown: string | null = null;

  constructor(words: Words, acts: Acts) {
    this.#words = words;
    this.#acts = acts;
  }

  render(event: AnnotatedEvent | null): void {
    const kinds = this.#acts.kinds();
    const shown = event === null ? "" : `${event.id} ${kinds.length}`;
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#build(event, kinds);
    }
    if (event !== null) for (const fill of this.#fill) fill(event);
  }

  #build(event: AnnotatedEvent | null, kinds: readonly Kind[]): void {
    this.#fill = [];
    if (event === null) {
      this.root.replaceChildren(element("p", { class: "muted" }, this.#words.nothingSelected));
      return;
    }
    const words = this.#words;
    this.root.replaceChildren(
      this.#kind(kinds),
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

  #kind(kinds: readonly Kind[]): HTMLElement {
    const words = this.#words;
    const select = element("select", { id: "kind" });
    kinds.forEach((kind, index) => {
      const digit = index < 9 ? `${index + 1}  ` : "";
      select.append(element("option", { value: index }, `${digit}${this.#acts.nameOf(kind)}`));
    });
    select.append(element("option", { value: "other" }, words.otherKind));
    const name = element("input", {
      id: "event-name",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "fight",
    });
    const rule = element("input", { id: "event-rule", autocomplete: "off", spellcheck: "false" });
    const other = element(
      "div",
      { class: "pair", hidden: true },
      labelled(words.event, name),
      labelled(words.ruleOf, rule),
    );
    const takeOther = (): void => {
      const event = name.value.trim();
      const isName = EVENT_NAME.test(event) && event.length <= 64;
      name.setAttribute("aria-invalid", String(!isName));
      if (!isName) return;
      this.#acts.dispatch({ type: "kind", event, rule: rule.value.trim().slice(0, 200) || null });
    };
    name.addEventListener("change", takeOther);
    rule.addEventListener("change", takeOther);
    select.addEventListener("change", () => {
      const chosen = kinds[Number(select.value)];
      other.hidden = select.value !== "other";
      if (chosen !== undefined) this.#acts.dispatch({ type: "kind", ...chosen });
      else name.focus();
    });
    this.#fill.push((event) => {
      if (!other.hidden && other.contains(document.activeElement)) return;
      other.hidden = true;
      select.value = String(kinds.findIndex((k) => k.event === event.event && k.rule === event.rule));
    });
    return element("div", {}, labelled(words.kind, select), other);
  }

  #time(which: "begin" | "end", label: string, key: string): HTMLElement {
    const input = element("input", { id: which, class: "mono", autocomplete: "off", inputmode: "decimal" });
    const fault = faultLine(which);
    input.setAttribute("aria-describedby", fault.id);
    input.addEventListener("change", () => {
      const seconds = parsedTime(input.value);
      say(input, fault, seconds === null ? this.#words.timeWrong : "");
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
      say(input, fault, conditions === null ? this.#words.conditionsWrong : "");
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

/** A field under its label. */
export function labelled(label: string, field: HTMLElement, ...beside: readonly HTMLElement[]): HTMLElement {
  const row = beside.length === 0 ? field : element("div", { class: "row" }, field, ...beside);
  return element("div", { class: "field" }, element("label", { for: field.id }, label), row);
}

function explained(label: string, field: HTMLElement, help: string): HTMLElement {
  const id = `${field.id}-help`;
  field.setAttribute("aria-describedby", id);
  const made = labelled(label, field);
  made.append(element("p", { class: "help", id }, help));
  return made;
}

function faultLine(field: string): HTMLElement {
  return element("p", { class: "warn", id: `${field}-fault`, role: "status" });
}

function say(field: HTMLElement, line: HTMLElement, text: string): void {
  field.setAttribute("aria-invalid", String(text !== ""));
  line.textContent = text;
}
