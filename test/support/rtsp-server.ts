import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./rtsp-server.py", import.meta.url));
/** Debian's own interpreter: the one that its python3-gi is for, whatever else is first in PATH. */
const PYTHON = "/usr/bin/python3";
const PACKAGES =
  "python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly";

export interface RtspServerOptions {
  /** An mp4 with H.264, played over and over; a test pattern where not given. */
  readonly file?: string;
  readonly user?: string;
  readonly password?: string;
  readonly digest?: boolean;
  /** Frames per second of the test pattern. */
  readonly rate?: number;
}

/** Why no RTSP server can be started here, as a test's reason to be skipped; null where one can. */
export function rtspServerMissing(): string | null {
  if (!existsSync(PYTHON)) return `needs ${PYTHON} and the Debian packages ${PACKAGES}`;
  const needs =
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer, GstApp";
  const probe = spawnSync(PYTHON, ["-c", needs], { encoding: "utf8" });
  return probe.status === 0 ? null : `needs the Debian packages ${PACKAGES}`;
}

/** An RTSP server of its own process on 127.0.0.1, which can be cut off, frozen and brought back. */
export class RtspServer {
  readonly #options: RtspServerOptions;
  #port = 0;
  #process: ChildProcess | null = null;

  constructor(options: RtspServerOptions = {}) {
    this.#options = options;
  }

  /** Address of the stream, with the user and password where the server has them. */
  get address(): string {
    const { user, password } = this.#options;
    const login = user === undefined ? "" : `${user}:${encodeURIComponent(password ?? "")}@`;
    return `rtsp://${login}127.0.0.1:${this.#port}/test`;
  }

  get port(): number {
    return this.#port;
  }

  /** Starts it; after a cut, on the same port as before. */
  async start(): Promise<void> {
    const { file, user, password, digest, rate } = this.#options;
    const parameters = ["--port", String(this.#port)];
    if (file !== undefined) parameters.push("--file", file);
    if (user !== undefined) parameters.push("--user", user, "--password", password ?? "");
    if (digest) parameters.push("--digest");
    if (rate !== undefined) parameters.push("--rate", String(rate));
    const child = spawn(PYTHON, [SCRIPT, ...parameters], { stdio: ["ignore", "pipe", "ignore"] });
    this.#process = child;
    const lines = createInterface({ input: child.stdout });
    const first = await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      child.once("exit", (code) => resolve(`it exited with ${code}`));
    });
    lines.close();
    const ready = /^ready (\d+)$/.exec(first);
    if (ready === null) throw new Error(`no RTSP server: ${first}`);
    this.#port = Number(ready[1]);
  }

  /** Ends it at once, as when a camera loses its power. */
  async cut(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await ended;
  }

  /** Stops it from running without closing its connections: the stream stalls. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  stop(): Promise<void> {
    return this.cut();
  }
}
