import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { asCoded, CodedError, fault } from "../errors.ts";
import { parseAddress } from "./address.ts";
import { isImageName } from "./images/image-names.ts";

/**
 * What tells one recording from any other, 64 small hexadecimal digits.
 *
 * Of a video file: the SHA-256 of its bytes, as `sha256sum FILE` says it.
 *
 * Of a folder of images: the SHA-256 of a list with one entry for each image, in the order of the bytes of their
 * names (`LC_ALL=C sort`): the SHA-256 of its content in 64 small hexadecimal digits, two spaces, its name, a zero
 * byte. An image is what is read as one: a name that ends in .jpg, .jpeg, .png, .bmp, .webp, .tif, .tiff, .pgm or
 * .ppm in capital or small letters and does not begin with a dot. Others compute it, in the folder, with
 *
 *     printf '%s\0' * | grep -ziE '\.(jpe?g|png|bmp|webp|tiff?|pgm|ppm)$' | LC_ALL=C sort -z \
 *       | xargs -0 sha256sum -z -- | sha256sum
 *
 * A playlist (.m3u8) has none: it only names the files that hold the pictures.
 *
 * @param path a file or a folder; links are followed
 * @throws CodedError SOURCE_NOT_FOUND, SOURCE_UNREADABLE, SOURCE_EMPTY, SOURCE_NO_IMAGES, RECORDING_KIND,
 *   RECORDING_CHANGED
 */
export async function recordingSha256(path: string): Promise<string> {
  const what = await stat(path).catch((error: unknown) => {
    throw refused(path, error);
  });
  if (what.isDirectory()) return folderSha256(path);
  // Its bytes only say where the pictures are: others could lie there tomorrow.
  if (parseAddress(path).kind === "playlist") throw fault("RECORDING_KIND", { path });
  const hash = await fileHash(Buffer.from(path), path);
  return hash.digest("hex");
}

async function folderSha256(folder: string): Promise<string> {
  const images = await imagesOf(folder);
  if (images.length === 0) throw fault("SOURCE_NO_IMAGES", { address: folder });
  const list = createHash("sha256");
  for (const name of images) {
    const file = Buffer.concat([Buffer.from(folder), Buffer.from("/"), name]);
    const content = await fileHash(file, file.toString());
    list
      .update(`${content.digest("hex")}  `)
      .update(name)
      .update("\0");
  }
  const after = await imagesOf(folder);
  const same = after.length === images.length && after.every((name, index) => images[index]?.equals(name));
  if (!same) throw fault("RECORDING_CHANGED", { path: folder });
  return list.digest("hex");
}

/** Names as bytes: what a camera wrote need not be UTF-8. */
async function imagesOf(folder: string): Promise<readonly Buffer[]> {
  try {
    const names = await readdir(folder, { encoding: "buffer" });
    return names.filter((name) => isImageName(name.toString("latin1"))).sort(Buffer.compare);
  } catch (error) {
    throw refused(folder, error);
  }
}

/** @param shown the path as a person reads it */
async function fileHash(path: Buffer, shown: string): Promise<Hash> {
  let file: FileHandle | null = null;
  try {
    // A pipe or a device is refused before it is opened: opening one may wait for ever.
    if (!(await stat(path)).isFile()) throw fault("RECORDING_KIND", { path: shown });
    file = await open(path, "r");
    const before = await file.stat({ bigint: true });
    if (before.size === 0n) throw fault("SOURCE_EMPTY", { address: shown });
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(1 << 20);
    let length = 0n;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      length += BigInt(bytesRead);
      hash.update(chunk.subarray(0, bytesRead));
    }
    const after = await file.stat({ bigint: true });
    const still = length === before.size && after.size === before.size && after.mtimeNs === before.mtimeNs;
    if (!still) throw fault("RECORDING_CHANGED", { path: shown });
    return hash;
  } catch (error) {
    throw refused(shown, error);
  } finally {
    await file?.close();
  }
}

function refused(path: string, error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP")
    return fault("SOURCE_NOT_FOUND", { address: path }, error);
  if (code === "EACCES" || code === "EPERM") return fault("SOURCE_UNREADABLE", { address: path }, error);
  return asCoded(error);
}
