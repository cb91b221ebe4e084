import { type ChildProcess, spawn } from "node:child_process";
import { access, constants, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Names under which a Chromium is looked for on the PATH, after the one in CONTRECHAMP_CHROMIUM. */
export const BROWSERS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
] as const;

const LONGEST_PRINTING_MS = 120_000;
const MOST_ERROR_TEXT = 2000;
const PDF_SIGNATURE = "%PDF-";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Chromium that prints: the one that CONTRECHAMP_CHROMIUM names, and then no other, or the first on the PATH.
 * @returns its path, null where there is none
 */
export async function findBrowser(environment: Environment): Promise<string | null> {
  const named = environment["CONTRECHAMP_CHROMIUM"];
  const names = named !== undefined && named !== "" ? [named] : BROWSERS;
  const folders = (environment["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  for (const name of names) {
    const paths = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
    for (const path of paths) {
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path;
    }
  }
  return null;
}

/** What was looked for, for a person who is to install it. */
export function triedBrowsers(environment: Environment): string {
  const named = environment["CONTRECHAMP_CHROMIUM"];
  return named !== undefined && named !== "" ? `CONTRECHAMP_CHROMIUM=${named}` : BROWSERS.join(", ");
}

/**
 * A page as tagged PDF with an outline, printed by a browser that reaches no network and leaves nothing behind.
 * @param page the whole HTML; nothing beside it is read
 * @throws Error that says why it was not printed
 */
export async function printPdf(
  browser: string,
  page: string,
  longestMs: number = LONGEST_PRINTING_MS,
): Promise<Uint8Array> {
  // Its own folder is its home and its profile: no setting, extension or history of the person's takes part.
  const folder = await mkdtemp(join(tmpdir(), "contrechamp-print-"));
  try {
    const source = join(folder, "report.html");
    const target = join(folder, "report.pdf");
    await writeFile(source, page, { mode: 0o600 });
    await run(browser, [...flags(folder, target), pathToFileURL(source).href], folder, longestMs);
    const bytes = await readFile(target).catch(() => null);
    if (bytes === null || bytes.subarray(0, PDF_SIGNATURE.length).toString("latin1") !== PDF_SIGNATURE)
      throw new Error("it wrote no PDF");
    return bytes;
  } finally {
    // Its last helper processes may still write into it for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

function flags(folder: string, target: string): string[] {
  return [
    "--headless",
    `--print-to-pdf=${target}`,
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    `--user-data-dir=${join(folder, "profile")}`,
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    // The page names nothing outside itself; these keep the browser's own services from calling out.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    // Chromium refuses its sandbox to root, as whom containers mostly run. The page's content policy lets no script run and
    // nothing in from the outside; every other user gets the sandbox.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}

/** Runs it without a shell, in a group of its own, so that all of it can be ended. */
async function run(command: string, args: string[], home: string, longestMs: number): Promise<void> {
  const child = spawn(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_CACHE_HOME: home,
      LANG: "C.UTF-8",
      TMPDIR: home,
    },
  });
  let said = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    said = (said + text).slice(-MOST_ERROR_TEXT);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end(child);
  }, longestMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      // Not "close": a helper process of its own may hold the pipe after it.
      child.once("exit", resolve);
    });
    if (late) throw new Error(`it took longer than ${Math.round(longestMs / 1000)} s`);
    if (code !== 0) throw new Error(`${lastLine(said) ?? "it said nothing"}, exit code ${code ?? "none"}`);
  } finally {
    clearTimeout(timer);
    end(child);
    child.stderr.destroy();
  }
}

function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of it has ended already.
  }
}

function lastLine(text: string): string | null {
  return text.trim().split("\n").at(-1)?.trim().slice(0, 300) || null;
}
