import { type AnnotatedEvent, inOrder, laneOf } from "../model/document.ts";
import type { State } from "../model/state.ts";
import { clock, following, shifted, type TimeView, ticks, zoomed } from "../model/time-view.ts";
import type { Words } from "../model/words.ts";
import { button, drawn, element } from "./elements.ts";

const LANE = 32;
const AXIS = 28;
const SMALLEST_BAR = 6;

interface Acts {
  readonly goTo: (seconds: number) => void;
  readonly select: (id: number) => void;
  readonly nameOf: (event: { readonly event: string; readonly rule: string | null }) => string;
}

/** Events as bars, a lane for each event and rule, over the part of the recording that is shown. */
export class Timeline {
  readonly root: HTMLElement;
  readonly #drawing = drawn("svg", { class: "lanes", role: "img" });
  readonly #words: Words;
  readonly #acts: Acts;
  #view: TimeView | null = null;
  #duration = 0;
  #now = 0;
  #state: State | null = null;

  constructor(words: Words, acts: Acts) {
    this.#words = words;
    this.#acts = acts;
    const zoom = element(
      "div",
      { class: "row end" },
      button("−", () => this.zoom(2), { "aria-label": words.zoomOut, title: words.zoomOut }),
      button("+", () => this.zoom(0.5), { "aria-label": words.zoomIn, title: words.zoomIn }),
      button(words.zoomAll, () => this.zoomAll(), {}, "0"),
    );
    const head = element("div", { class: "row spread" }, element("h2", {}, words.timeline), zoom);
    this.root = element("section", { class: "timeline", "aria-label": words.timeline }, head, this.#drawing);
    this.#drawing.addEventListener("pointerdown", (event) => this.#press(event));
    this.#drawing.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    new ResizeObserver(() => this.#draw()).observe(this.#drawing);
  }

  zoom(factor: number): void {
    if (this.#view === null) return;
    this.#view = zoomed(this.#view, factor, this.#now, this.#duration);
    this.#draw();
  }

  zoomAll(): void {
    this.#view = { from: 0, to: this.#duration };
    this.#draw();
  }

  render(state: State, now: number): void {
    this.#state = state;
    this.#now = now;
    const duration = state.duration ?? 0;
    if (duration !== this.#duration || this.#view === null) {
      this.#duration = duration;
      this.#view = { from: 0, to: duration };
    }
    this.#view = following(this.#view, now, duration);
    this.#draw();
  }

  #draw(): void {
    const state = this.#state;
    const view = this.#view;
    const width = this.#drawing.clientWidth;
    if (state === null || view === null || width === 0 || view.to <= view.from) return;
    const x = (seconds: number): number => ((seconds - view.from) / (view.to - view.from)) * width;
    const lanes = [...new Set(inOrder(state.annotation.events).map(laneOf))];
    const height = AXIS + Math.max(1, lanes.length) * LANE + 8;
    this.#drawing.setAttribute("height", String(height));
    this.#drawing.setAttribute("aria-label", this.#words.events(state.annotation.events.length));
    const parts: SVGElement[] = this.#axis(view, width, height, x);
    lanes.forEach((lane, index) => {
      const top = AXIS + index * LANE;
      const events = state.annotation.events.filter((event) => laneOf(event) === lane);
      parts.push(drawn("line", { class: "lane", x1: 0, x2: width, y1: top + LANE - 2, y2: top + LANE - 2 }));
      for (const event of events) parts.push(this.#bar(event, event.id === state.selected, top, x));
      const [first] = events;
      if (first !== undefined) {
        const name = this.#acts.nameOf(first);
        parts.push(drawn("text", { class: "label", x: 4, y: top + 11 }, name));
      }
    });
    const now = x(this.#now);
    parts.push(
      drawn("line", { class: "now", x1: now, x2: now, y1: AXIS - 8, y2: height }),
      drawn("path", { class: "head", d: `M${now - 5} ${AXIS - 14}h10v6l-5 5-5-5z` }),
    );
    this.#drawing.replaceChildren(...parts);
  }

  #axis(view: TimeView, width: number, height: number, x: (seconds: number) => number): SVGElement[] {
    const digits = view.to - view.from < 10 ? 1 : 0;
    return ticks(view, Math.max(2, Math.floor(width / 90))).flatMap((at) => {
      const place = x(at);
      const anchor = place < 20 ? "start" : place > width - 20 ? "end" : "middle";
      return [
        drawn("line", { class: "tick", x1: place, x2: place, y1: AXIS - 8, y2: height }),
        drawn("text", { class: "time", x: place, y: 12, "text-anchor": anchor }, clock(at, digits)),
      ];
    });
  }

  #bar(event: AnnotatedEvent, isSelected: boolean, top: number, x: (seconds: number) => number): SVGElement {
    const left = x(event.begin);
    const wide = Math.max(SMALLEST_BAR, x(event.end) - left);
    const { tolerance } = event;
    const from = x(event.begin - tolerance);
    const spread = Math.max(wide, x(event.end + tolerance) - from);
    return drawn(
      "g",
      { class: isSelected ? "bar selected" : "bar", "data-id": event.id },
      drawn("title", {}, `${this.#acts.nameOf(event)}  ${clock(event.begin)} – ${clock(event.end)}`),
      drawn("rect", { class: "slack", x: from, y: top + 19, width: spread, height: 4 }),
      drawn("rect", { class: "body", x: left, y: top + 15, width: wide, height: 12, rx: 2 }),
    );
  }

  #press(event: PointerEvent): void {
    const bar = event.target instanceof Element ? event.target.closest("[data-id]") : null;
    if (bar !== null) {
      this.#acts.select(Number(bar.getAttribute("data-id")));
      return;
    }
    this.#acts.goTo(this.#timeAt(event));
    this.#drawing.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => this.#acts.goTo(this.#timeAt(moved));
    const stop = (): void => this.#drawing.removeEventListener("pointermove", move);
    this.#drawing.addEventListener("pointermove", move);
    this.#drawing.addEventListener("lostpointercapture", stop, { once: true });
  }

  #wheel(event: WheelEvent): void {
    if (this.#view === null) return;
    if (event.ctrlKey)
      this.#view = zoomed(this.#view, event.deltaY > 0 ? 1.25 : 0.8, this.#timeAt(event), this.#duration);
    else if (event.deltaX !== 0) this.#view = shifted(this.#view, event.deltaX / 1000, this.#duration);
    else return;
    event.preventDefault();
    this.#draw();
  }

  #timeAt(event: MouseEvent): number {
    const { left, width } = this.#drawing.getBoundingClientRect();
    const view = this.#view ?? { from: 0, to: 0 };
    return view.from + ((event.clientX - left) / width) * (view.to - view.from);
  }
}
