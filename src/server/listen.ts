import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { fault } from "../errors.ts";
import type { Seconds } from "../time/clock.ts";

export interface ListenOptions {
  /** An address of this machine. Not loopback only where browsers come over TLS. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** Address under which browsers open it, where a reverse proxy stands before it; null: its own. */
  readonly origin: string | null;
}

export interface Listening {
  readonly port: number;
  /** What pages of this server are opened as. */
  readonly origins: readonly string[];
  /** Takes no more requests, and waits for those that are being answered, so long at most. */
  close(patience: Seconds): Promise<void>;
}

/** Answers requests, whatever they ask. */
export type Answering = (request: Request, bindings: never) => Promise<Response> | Response;

/**
 * Listens for requests. Slow senders are cut off: none of them holds a place for longer than half a minute.
 * @throws LISTEN_FAILED, LISTEN_IN_CLEAR
 */
export async function listen(options: ListenOptions, answering: Answering): Promise<Listening> {
  const { host, port, origin } = options;
  if (!isLoopback(host) && origin?.startsWith("https://") !== true) throw fault("LISTEN_IN_CLEAR", { host });
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000, maxHeaderSize: 16 * 1024 },
    getRequestListener(answering as Parameters<typeof getRequestListener>[0], {
      overrideGlobalObjects: false,
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(fault("LISTEN_FAILED", { host, port, reason: error.message }, error)),
    );
    server.listen({ host, port, exclusive: true }, resolve);
  });
  const bound = server.address();
  const at = typeof bound === "object" && bound !== null ? bound.port : port;
  return {
    port: at,
    origins: originsOf({ ...options, port: at }),
    close: (patience) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), 1000 * patience);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** What a browser calls the server: its own names, or the one that a reverse proxy has for it. */
export function originsOf({ host, port, origin }: ListenOptions): readonly string[] {
  if (origin !== null) return [new URL(origin).origin];
  const name = host.includes(":") ? `[${host}]` : host;
  // As browsers write it: without the port of http.
  return [...new Set([name, "127.0.0.1", "localhost", "[::1]"])].map(
    (one) => new URL(`http://${one}:${port}`).origin,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
