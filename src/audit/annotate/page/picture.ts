import { boxBetween, type PictureSize } from "../model/box.ts";
import type { BoxTuple } from "../model/document.ts";
import { type State, selectedEvent } from "../model/state.ts";
import type { Words } from "../model/words.ts";
import { drawn, element } from "./elements.ts";

interface Acts {
  readonly draw: (box: BoxTuple) => void;
  readonly acceptBox: () => void;
  readonly mark: (at: readonly [number, number]) => void;
}

/** The recording with what is marked on it. Boxes are in px of the picture, however large it is shown. */
export class Picture {
  readonly root: HTMLElement;
  readonly #drawing: SVGSVGElement;
  readonly #size: PictureSize;
  readonly #acts: Acts;
  readonly #video: HTMLVideoElement;
  #mode: State["mode"]["kind"] = "mark";

  constructor(video: HTMLVideoElement, size: PictureSize, words: Words, acts: Acts) {
    this.#size = size;
    this.#acts = acts;
    this.#video = video;
    video.setAttribute("aria-label", words.picture);
    this.#drawing = drawn("svg", {
      class: "overlay",
      viewBox: `0 0 ${size.width} ${size.height}`,
      // Pixels that are not square are stretched with the picture.
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    this.root = element("div", { class: "picture" }, video, this.#drawing);
    this.#shape();
    video.addEventListener("loadedmetadata", () => this.#shape());
    this.#drawing.addEventListener("pointerdown", (event) => this.#press(event));
  }

  render(state: State, now: number): void {
    this.#mode = state.mode.kind;
    this.root.dataset["mode"] = this.#mode;
    const { mode } = state;
    const parts: SVGElement[] = [];
    if (mode.kind === "box") parts.push(this.#box(mode.box, "box drawing"));
    else {
      const chosen = selectedEvent(state);
      for (const event of state.annotation.events) {
        const isSeen = now >= event.begin - 1e-6 && now <= event.end + 1e-6;
        if (event.box === null || !(isSeen || event === chosen)) continue;
        parts.push(this.#box(event.box, event === chosen ? "box selected" : "box"));
      }
    }
    if (mode.kind === "count") {
      const size = Math.max(4, this.#size.width / 120);
      for (const mark of mode.marks) {
        if (mark === null) continue;
        const [x, y] = mark;
        parts.push(
          drawn("path", { class: "mark", d: `M${x - size} ${y}h${2 * size}M${x} ${y - size}v${2 * size}` }),
        );
      }
    }
    this.#drawing.replaceChildren(...parts);
  }

  #box([x, y, width, height]: BoxTuple, kind: string): SVGElement {
    const place = { x, y, width, height };
    // A dark line under the light one: it is seen on any picture.
    return drawn("g", { class: kind }, drawn("rect", { class: "under", ...place }), drawn("rect", place));
  }

  #shape(): void {
    const { videoWidth, videoHeight } = this.#video;
    const ratio = videoHeight > 0 ? videoWidth / videoHeight : this.#size.width / this.#size.height;
    this.root.style.setProperty("--ratio", String(ratio));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (this.#mode === "count") {
      this.#acts.mark(this.#place(event));
      return;
    }
    if (this.#mode !== "box") return;
    event.preventDefault();
    const from = this.#place(event);
    this.#drawing.setPointerCapture(event.pointerId);
    let moved = false;
    const move = (to: PointerEvent): void => {
      moved = true;
      this.#acts.draw(boxBetween(from, this.#place(to), this.#size));
    };
    const stop = (): void => {
      this.#drawing.removeEventListener("pointermove", move);
      if (moved) this.#acts.acceptBox();
    };
    this.#drawing.addEventListener("pointermove", move);
    this.#drawing.addEventListener("lostpointercapture", stop, { once: true });
  }

  #place(event: MouseEvent): readonly [number, number] {
    const { left, top, width, height } = this.#drawing.getBoundingClientRect();
    return [
      ((event.clientX - left) / width) * this.#size.width,
      ((event.clientY - top) / height) * this.#size.height,
    ];
  }
}
