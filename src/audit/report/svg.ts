import { type Fragment, type Html, html } from "../../report/html.ts";
import type { Formats, Language } from "../../report/language.ts";
import { eachSvg } from "./words.ts";

export interface Drawing {
  /** Unlike every other of the page. */
  readonly id: string;
  readonly className: string;
  /** Units of the drawing, as `viewBox` has them. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** What a screen reader says in its place. The figures are in the table beside it. */
  readonly name: (language: Language, formats: Formats) => string;
  readonly inside: Fragment;
}

/**
 * A drawing that is read out as one picture with a name. The name is unseen text within it rather than a `title`:
 * a title cannot hold two languages, of which the page shows one.
 */
export function drawing({ id, className, box, name, inside }: Drawing): Html {
  return html`<svg class="${className}" viewBox="${box.join(" ")}" role="img" aria-labelledby="${id}"><text class="name" id="${id}">${eachSvg(name)}</text>${inside}</svg>`;
}

/** One decimal of a drawing's unit: what can be seen. */
export function round(value: number): number {
  return Math.round(10 * value) / 10;
}

/** Names that others chose may be long; the tables have them whole. */
export function shorten(text: string, most: number): string {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join("")}…`;
}
