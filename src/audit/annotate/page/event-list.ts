import { inOrder } from "../model/document.ts";
import type { Kind } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { clock } from "../model/time-view.ts";
import type { Words } from "../model/words.ts";
import { element } from "./elements.ts";

interface Acts {
  readonly select: (id: number) => void;
  readonly nameOf: (kind: Kind) => string;
}

/** All events in the order of their beginning, each a button that selects it. */
export class EventList {
  readonly root = element("div");
  readonly #words: Words;
  readonly #acts: Acts;
  #shown: State["annotation"] | null = null;
  #selected: number | null = null;

  constructor(words: Words, acts: Acts) {
    this.#words = words;
    this.#acts = acts;
  }

  render({ annotation, selected }: State): void {
    if (annotation === this.#shown && selected === this.#selected) return;
    this.#shown = annotation;
    this.#selected = selected;
    const focused = this.root.contains(document.activeElement);
    const events = inOrder(annotation.events);
    const title = element("h2", {}, this.#words.events(events.length));
    if (events.length === 0) {
      this.root.replaceChildren(title, element("p", { class: "muted" }, this.#words.nothingYet));
      return;
    }
    const list = element("ol", { class: "events" });
    for (const event of events) {
      const times = `${clock(event.begin)} – ${clock(event.end)}`;
      const item = element(
        "button",
        { type: "button", "aria-pressed": String(event.id === selected), "data-id": event.id },
        element("span", {}, this.#acts.nameOf(event)),
        element("span", { class: "mono" }, times),
      );
      item.addEventListener("click", () => this.#acts.select(event.id));
      list.append(element("li", {}, item));
    }
    this.root.replaceChildren(title, list);
    const chosen = list.querySelector<HTMLElement>("[aria-pressed=true]");
    // Within the list alone: the page itself stays where its reader has it.
    if (chosen !== null) list.scrollTop = Math.min(list.scrollTop, chosen.offsetTop);
    if (chosen !== null && chosen.offsetTop + chosen.offsetHeight > list.scrollTop + list.clientHeight)
      list.scrollTop = chosen.offsetTop + chosen.offsetHeight - list.clientHeight;
    if (focused) chosen?.focus();
  }
}
