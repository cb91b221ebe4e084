/** Attributes of an element; `true` sets an empty one, `false` leaves it out. */
type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Makes an element of the page. Texts are texts: nothing here can become a tag or a script. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children);
  return made;
}

/** The same for a drawing. */
export function drawn<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(made, attributes);
  made.append(...children);
  return made;
}

/** A button that does one thing. @param key what does the same, shown beside it */
export function button(
  label: string,
  act: () => void,
  attributes: Attributes = {},
  key = "",
): HTMLButtonElement {
  const shown = key === "" ? [label] : [label, element("kbd", { "aria-hidden": "true" }, key)];
  const made = element("button", { type: "button", ...attributes }, ...shown);
  made.addEventListener("click", act);
  return made;
}

function set(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) continue;
    target.setAttribute(name, value === true ? "" : String(value));
  }
}
