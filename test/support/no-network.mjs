// node --import no-network.mjs …: whatever tries to reach another machine fails, and is written to $NETWORK_TRIED.
// Plain JavaScript, so that it loads before anything else and in every process and thread.
import dgram from "node:dgram";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";

/** @param {string} what @returns {never} */
function refuse(what) {
  appendFileSync(process.env["NETWORK_TRIED"] ?? "/dev/stderr", `${process.pid} ${what}\n`);
  throw new Error(`${what} was tried`);
}

/** @param {Record<string, unknown>} from @param {string} module @param {readonly string[]} names */
function close(from, module, names) {
  for (const name of names) {
    if (typeof from[name] === "function") from[name] = () => refuse(`${module}.${name}`);
  }
}

close(net.Socket.prototype, "net.Socket", ["connect"]);
close(net, "net", ["connect", "createConnection"]);
close(tls, "tls", ["connect"]);
close(http, "http", ["request", "get"]);
close(https, "https", ["request", "get"]);
close(http2, "http2", ["connect"]);
close(dgram, "dgram", ["createSocket"]);
for (const [module, from] of [
  ["dns", dns],
  ["dns.promises", dns.promises],
]) {
  close(
    from,
    module,
    Object.keys(from).filter((name) => /^(lookup|resolve|reverse)/.test(name)),
  );
}
close(globalThis, "globalThis", ["fetch", "WebSocket", "EventSource"]);
syncBuiltinESMExports();
