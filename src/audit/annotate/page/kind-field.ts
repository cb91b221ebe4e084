import type { AnnotatedEvent } from "../model/document.ts";
import type { Kind } from "../model/session.ts";
import type { Words } from "../model/words.ts";
import { element } from "./elements.ts";
import { faultLine, labelled, sayFault } from "./fields.ts";

interface Acts {
  readonly kinds: () => readonly Kind[];
  readonly nameOf: (kind: Kind) => string;
  readonly choose: (kind: Kind) => void;
}

/** As `contrechamp/reference@1` has names of events. */
const EVENT_NAME = /^(?=.{1,64}$)[a-z0-9]+(?:[_-][a-z0-9]+)*$/;
const LONGEST_RULE = 200;
const OTHER = "other";

/** Chooses what an event is: one that is known, or another by its name. */
export class KindField {
  readonly root: HTMLElement;
  readonly #words: Words;
  readonly #acts: Acts;
  readonly #select = element("select", { id: "kind" });
  readonly #name: HTMLInputElement;
  readonly #rule = element("input", { id: "event-rule", autocomplete: "off", spellcheck: "false" });
  readonly #fault = faultLine("event-name");
  readonly #other: HTMLElement;
  #listed = "";
  #event: AnnotatedEvent | null = null;

  constructor(words: Words, acts: Acts) {
    this.#words = words;
    this.#acts = acts;
    const example = "fight";
    const typed = { autocomplete: "off", spellcheck: "false", placeholder: example };
    this.#name = element("input", { id: "event-name", "aria-describedby": this.#fault.id, ...typed });
    const pair = element(
      "div",
      { class: "pair" },
      labelled(words.event, this.#name),
      labelled(words.ruleOf, this.#rule),
    );
    this.#other = element("div", { class: "naming", hidden: true }, pair, this.#fault);
    this.root = element("div", {}, labelled(words.kind, this.#select), this.#other);
    this.#select.addEventListener("change", () => this.#chosen());
    for (const field of [this.#name, this.#rule]) field.addEventListener("change", () => this.#named());
    this.#other.addEventListener("focusout", ({ relatedTarget }) => {
      const goesOn = relatedTarget instanceof Node && this.#other.contains(relatedTarget);
      if (!goesOn && this.#fault.textContent === "") this.#show();
    });
  }

  /** Shows what an event is; leaves a name alone that is being typed. */
  render(event: AnnotatedEvent): void {
    const isOther = event.id !== this.#event?.id;
    this.#event = event;
    if (isOther) sayFault(this.#name, this.#fault, "");
    if (isOther || this.#other.hidden) this.#show();
  }

  #show(): void {
    const event = this.#event;
    if (event === null) return;
    const kinds = this.#acts.kinds();
    const names = kinds.map(
      (kind, index) => `${index < 9 ? `${index + 1}  ` : ""}${this.#acts.nameOf(kind)}`,
    );
    const listed = names.join("\n");
    if (listed !== this.#listed) {
      this.#listed = listed;
      const options = names.map((name, index) => element("option", { value: index }, name));
      options.push(element("option", { value: OTHER }, this.#words.otherKind));
      this.#select.replaceChildren(...options);
    }
    const index = kinds.findIndex((kind) => kind.event === event.event && kind.rule === event.rule);
    this.#select.value = String(index);
    this.#other.hidden = true;
  }

  #chosen(): void {
    const chosen = this.#acts.kinds()[Number(this.#select.value)];
    this.#other.hidden = chosen !== undefined;
    if (chosen !== undefined) {
      this.#acts.choose(chosen);
      return;
    }
    this.#name.value = "";
    this.#rule.value = this.#event?.rule ?? "";
    this.#name.focus();
  }

  #named(): void {
    const event = this.#name.value.trim();
    const isName = EVENT_NAME.test(event);
    sayFault(this.#name, this.#fault, isName ? "" : this.#words.kindWrong);
    if (isName) this.#acts.choose({ event, rule: this.#rule.value.trim().slice(0, LONGEST_RULE) || null });
  }
}
