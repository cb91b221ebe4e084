import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { basename, dirname, join } from "node:path";

/** A web server on 127.0.0.1 that can be cut off, and come back on the same port. */
class LoopbackServer {
  readonly #listener: RequestListener;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const server = createServer(this.#listener);
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Breaks every connection off and listens no longer. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }
}

/** Serves the files of an HLS playlist: as they are, or live, a window of segments that moves with time. */
export class HlsServer {
  readonly #web: LoopbackServer;
  readonly #playlist: string;
  #began = performance.now();

  /** @param playlist a complete playlist on disk, its segments beside it, one second each */
  constructor(playlist: string, options: { live: boolean }) {
    this.#playlist = playlist;
    this.#web = new LoopbackServer((request, response) => {
      const name = basename(new URL(request.url ?? "/", "http://localhost").pathname);
      try {
        const isLive = options.live && name === basename(playlist);
        const body = isLive ? this.#window() : readFileSync(join(dirname(playlist), name));
        const type = name.endsWith(".ts") ? "video/mp2t" : "application/vnd.apple.mpegurl";
        response.writeHead(200, { "content-type": type }).end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
  }

  get address(): string {
    return `http://127.0.0.1:${this.#web.port}/${basename(this.#playlist)}`;
  }

  start(): Promise<void> {
    this.#began = performance.now();
    return this.#web.start();
  }

  stop(): Promise<void> {
    return this.#web.stop();
  }

  #window(): string {
    const lines = readFileSync(this.#playlist, "utf8").split("\n");
    const segments = lines.filter((line) => line.endsWith(".ts"));
    const newest = Math.min(segments.length, 4 + Math.floor((performance.now() - this.#began) / 1000));
    const first = Math.max(0, newest - 4);
    const shown = segments.slice(first, newest).map((name) => `#EXTINF:1.0,\n${name}`);
    return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${first}\n${shown.join("\n")}\n`;
  }
}

export interface MjpegServerOptions {
  /** A raw MJPEG clip, whose pictures are sent over and over. */
  readonly clip: string;
  readonly rate: number;
  /** Asked for by HTTP basic authentication. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A network camera's multipart/x-mixed-replace stream. */
export class MjpegServer {
  readonly #web: LoopbackServer;
  readonly #options: MjpegServerOptions;
  readonly #pictures: readonly Buffer[];

  constructor(options: MjpegServerOptions) {
    this.#options = options;
    this.#pictures = splitJpegs(readFileSync(options.clip));
    this.#web = new LoopbackServer((request, response) => {
      const { login } = options;
      const wanted = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
      if (wanted !== undefined && request.headers.authorization !== wanted) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="camera"' }).end();
      } else if (!request.url?.startsWith("/video")) {
        response.writeHead(404).end();
      } else {
        this.#stream(response);
      }
    });
  }

  get address(): string {
    const { login } = this.#options;
    const before = login ? `${login.user}:${encodeURIComponent(login.password)}@` : "";
    return `http://${before}127.0.0.1:${this.#web.port}/video.cgi`;
  }

  start(): Promise<void> {
    return this.#web.start();
  }

  stop(): Promise<void> {
    return this.#web.stop();
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "multipart/x-mixed-replace;boundary=frame" });
    let index = 0;
    const send = () => {
      const picture = this.#pictures[index++ % this.#pictures.length];
      if (picture === undefined) return;
      response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`);
      response.write(picture);
      response.write("\r\n");
    };
    send();
    const timer = setInterval(send, 1000 / this.#options.rate);
    response.once("close", () => clearInterval(timer));
  }
}

/** Cuts a raw MJPEG stream at its start-of-image markers. */
function splitJpegs(stream: Buffer): Buffer[] {
  const start = Buffer.from([0xff, 0xd8, 0xff]);
  const pictures: Buffer[] = [];
  let at = stream.indexOf(start);
  while (at >= 0) {
    const next = stream.indexOf(start, at + start.length);
    pictures.push(stream.subarray(at, next < 0 ? undefined : next));
    at = next;
  }
  return pictures;
}
