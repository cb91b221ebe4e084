import type { Session } from "../model/session.ts";
import { App } from "./app.ts";

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for the application");
const response = await fetch("session");
if (response.ok) new App(root, (await response.json()) as Session);
else root.textContent = ((await response.json()) as { message: string }).message;
