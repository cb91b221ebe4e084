import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Kills this process, as `kill -9` does, in place of its n-th step towards the disk from now on: opening, writing,
 * forcing, renaming and removing each are one. What is imported before or after is affected alike.
 * @returns how many steps there were so far
 */
export async function crashAt(step: number): Promise<() => number> {
  let steps = 0;
  const before = <A extends unknown[], R>(call: (...args: A) => R) =>
    function (this: unknown, ...args: A): R {
      steps += 1;
      if (steps === step) process.kill(process.pid, "SIGKILL");
      return call.apply(this, args);
    };
  const handle = await fs.promises.open(process.execPath, "r");
  const prototype: unknown = Object.getPrototypeOf(handle);
  await handle.close();
  if (typeof prototype !== "object" || prototype === null)
    throw new TypeError("no prototype of file handles");
  for (const [owner, names] of [
    [fs.promises, ["open", "mkdir", "rename", "rm"]],
    [prototype, ["write", "writeFile", "sync"]],
    [fs, ["openSync", "writeSync", "fsyncSync"]],
  ] as const) {
    for (const name of names) {
      const call: unknown = Reflect.get(owner, name);
      if (typeof call !== "function") throw new TypeError(`${name} is no function`);
      Reflect.set(owner, name, before(call as (...args: unknown[]) => unknown));
    }
  }
  syncBuiltinESMExports();
  return () => steps;
}
