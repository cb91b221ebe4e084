/** Debian packages that the tests use: not part of the product, installed where this may be done. */
import { spawnSync } from "node:child_process";

interface Need {
  readonly packages: readonly string[];
  /** The tests that are skipped without them. */
  readonly usedBy: string;
}

export const DEBIAN_NEEDS: readonly Need[] = [
  {
    packages: [
      "python3-gi",
      "gir1.2-gst-rtsp-server-1.0",
      "gstreamer1.0-plugins-base",
      "gstreamer1.0-plugins-good",
      "gstreamer1.0-plugins-bad",
      "gstreamer1.0-plugins-ugly",
    ],
    usedBy: "the tests that watch a real RTSP server on loopback",
  },
  { packages: ["chromium"], usedBy: "the tests that open pages in a browser" },
];

/** Installs what is missing, as root with apt-get. @returns what is still missing */
export function installMissing(packages: readonly string[]): readonly string[] {
  let missing = packages.filter((name) => !installed(name));
  if (missing.length === 0) return missing;
  if (process.getuid?.() !== 0 || !available("apt-get")) return missing;
  console.log(`Installing from Debian: ${missing.join(", ")}`);
  if (!aptGet(["install", "--no-install-recommends", ...missing])) {
    // The lists may be empty (a fresh container) or out of date.
    if (aptGet(["update"])) aptGet(["install", "--no-install-recommends", ...missing]);
  }
  missing = packages.filter((name) => !installed(name));
  return missing;
}

export function available(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Runs apt-get quietly, asking nothing. @param folder where to run it @returns whether it succeeded */
export function aptGet(args: readonly string[], folder = "/"): boolean {
  const run = spawnSync("apt-get", ["-qq", "-y", "-o", "Acquire::http::Timeout=20", ...args], {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 300_000,
  });
  return run.status === 0;
}

function installed(name: string): boolean {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own way to name a field
  const query = spawnSync("dpkg-query", ["--show", "--showformat=${db:Status-Status}", name], {
    encoding: "utf8",
  });
  return query.status === 0 && query.stdout === "installed";
}
