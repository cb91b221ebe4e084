/**
 * HTML that is safe to write: text that came from outside can only get in through `html`, which escapes it.
 * There is no way to make one of an arbitrary string but `trusted`, for this folder's own constants.
 */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** For constants of this folder and for what a serialiser of ours made (base64). Never for input. */
  static trusted(text: string): Html {
    return new Html(text);
  }
}

export type Fragment = Html | string | number | readonly Fragment[];

/** Template tag: literal parts stand as they are, every value is escaped unless it is already Html. */
export function html(literal: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  let out = literal[0] ?? "";
  values.forEach((value, i) => {
    out += render(value) + (literal[i + 1] ?? "");
  });
  return Html.trusted(out);
}

/**
 * A name or text that somebody else chose: escaped, and kept from turning round the text beside it.
 * Control and direction characters become visible replacement signs.
 */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/** The same for SVG text, which knows no bdi. */
export function plain(text: string): string {
  return text.replaceAll(STEERING, "\ufffd");
}

/** A relative address of a file below the report: no scheme, no host, no query can come of it. */
export function relativeHref(path: string): string {
  return `./${path
    .split("/")
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join("/")}`;
}

// Control characters, and those that change the direction or hide: U+200B-200F, 2028-202E, 2060-2069, 061C, FEFF.
const STEERING = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function render(value: Fragment): string {
  if (value instanceof Html) return value.toString();
  if (typeof value === "number") return String(value);
  if (typeof value === "string")
    return plain(value.toWellFormed()).replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
  return value.map(render).join("");
}
