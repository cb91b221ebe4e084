import { element } from "./elements.ts";

/** A field under its label. */
export function labelled(label: string, field: HTMLElement, ...beside: readonly HTMLElement[]): HTMLElement {
  const row = beside.length === 0 ? field : element("div", { class: "row" }, field, ...beside);
  return element("div", { class: "field" }, element("label", { for: field.id }, label), row);
}

/** The same, with a line that says what it is for. */
export function explained(label: string, field: HTMLElement, help: string): HTMLElement {
  const id = `${field.id}-help`;
  field.setAttribute("aria-describedby", id);
  const made = labelled(label, field);
  made.append(element("p", { class: "help", id }, help));
  return made;
}

/** Where a field's fault is said; it takes no room while there is none. @param field its id */
export function faultLine(field: string): HTMLElement {
  return element("p", { class: "warn", id: `${field}-fault`, role: "status" });
}

/** Says what is wrong with a field; nothing where `text` is empty. */
export function sayFault(field: HTMLElement, line: HTMLElement, text: string): void {
  field.setAttribute("aria-invalid", String(text !== ""));
  line.textContent = text;
}
