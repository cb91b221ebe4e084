/** A tar archive of regular files (POSIX ustar, with a pax header for paths that need one), for tests. */
export function tarOf(files: readonly (readonly [path: string, content: Uint8Array])[]): Uint8Array {
  const blocks = files.flatMap(([path, content]) => {
    const long =
      Buffer.byteLength(path) > 100
        ? [header("pax", PAX, paxRecord(path).length), padded(paxRecord(path))]
        : [];
    return [...long, header(path.slice(0, 100), FILE, content.length), padded(content)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const FILE = "0";
const PAX = "x";

function header(path: string, type: string, bytes: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write("0000644\0", 100);
  block.write(`${bytes.toString(8).padStart(11, "0")}\0`, 124);
  block.write("        ", 148);
  block.write(type, 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function paxRecord(path: string): Buffer {
  const body = ` path=${path}\n`;
  // The record's length counts its own digits.
  const digits = String(Buffer.byteLength(body) + 3).length;
  return Buffer.from(`${Buffer.byteLength(body) + digits}${body}`);
}

function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
