import { KEY_GROUPS } from "../model/keys.ts";
import type { Words } from "../model/words.ts";
import { button, element } from "./elements.ts";

/** The list of keys, over the page until it is closed. */
export function helpDialog(words: Words): HTMLDialogElement {
  const groups = KEY_GROUPS.map(({ group, keys }) => {
    const rows = keys.map(([name, shown]) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, ...keysOf(shown, words)),
        element("td", {}, words.does[name]),
      ),
    );
    return element("section", {}, element("h3", {}, words.groups[group]), element("table", {}, ...rows));
  });
  const dialog = element("dialog", { class: "help-dialog", "aria-labelledby": "help-title" });
  const close = button(words.close, () => dialog.close(), {}, words.keyNames["Esc"] ?? "Esc");
  dialog.append(
    element("div", { class: "row spread" }, element("h2", { id: "help-title" }, words.keys), close),
    element("p", { class: "muted" }, words.keyIntro),
    element("div", { class: "groups" }, ...groups),
  );
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "?") dialog.close();
    event.stopPropagation();
  });
  return dialog;
}

function keysOf(shown: string, { keyNames }: Words): (Node | string)[] {
  return shown.split(/( {2}| \/ | \+ )/).map((part) => {
    return /^\s*[+/]?\s*$/.test(part) && part !== "+"
      ? part
      : element("kbd", {}, keyNames[part.trim()] ?? part.trim());
  });
}
