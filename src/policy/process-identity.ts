import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";

/** Whether a process that wrote something is still there; `unknown` where it cannot be seen from here. */
export type Liveness = "alive" | "dead" | "unknown";

/**
 * What tells this process from any other that had or will have its number: the boot, the space of process numbers
 * and the instant of its start, as Linux names them (proc_pid_stat(5), pid_namespaces(7)). Null elsewhere.
 */
export function processIdentity(): string | null {
  try {
    return `${bootId()} ${namespace()} ${startOf("self")}`;
  } catch {
    return null;
  }
}

/** @param identity what `processIdentity` said in that process */
export function livenessOf(pid: number, identity: string | null): Liveness {
  const [boot, space, started] = identity?.split(" ") ?? [];
  if (boot === undefined || space === undefined || started === undefined) return runs(pid) ? "alive" : "dead";
  try {
    if (boot !== bootId()) return "dead";
    // A container has process numbers of its own, which mean another process out here, or none.
    if (space !== namespace()) return "unknown";
    return startOf(String(pid)) === started ? "alive" : "dead";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? "dead" : "unknown";
  }
}

/** Hashed: the machine's own name of its boot is nobody's business. */
function bootId(): string {
  const id = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return createHash("sha256").update(`contrechamp boot ${id}`).digest("hex").slice(0, 32);
}

function namespace(): string {
  return readlinkSync("/proc/self/ns/pid");
}

/** Clock ticks between the boot and the start of a process. The second field, its name, may hold spaces. */
function startOf(pid: string): string {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const started = text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  if (started === undefined) throw new Error(`/proc/${pid}/stat has too few fields`);
  return started;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
