import type { Context } from "hono";
import type { Environment } from "./environment.ts";

/**
 * Where a request comes from, for counting attempts: an IPv4 address, or the network of an IPv6 one, of which one
 * machine has billions. What a header says of it is not believed: anybody can write one.
 */
export function addressOf(c: Context<Environment>): string {
  return networkOf(c.env.incoming?.socket.remoteAddress ?? "unknown");
}

export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [before = "", after] = address.split("%")[0]?.split("::") ?? [];
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const zeros =
    after === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  const groups = [...head, ...zeros, ...tail].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
