/** The system's letters for what failed, such as ENOENT (errno(3)); null for an error that is not the system's. */
export function systemCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !("code" in thrown) || !("syscall" in thrown)) return null;
  return typeof thrown.code === "string" ? thrown.code : null;
}

/** Whether a failed call says that there is no such file. */
export function isMissing(thrown: unknown): boolean {
  return systemCode(thrown) === "ENOENT";
}

/** What the system says of a failed call, in words for a person and without the path. */
export function reasonOf(thrown: unknown): string {
  return (
    SYSTEM_WORDS.get(systemCode(thrown) ?? "") ?? (thrown instanceof Error ? thrown.message : String(thrown))
  );
}

const SYSTEM_WORDS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "this user's share of the disk is full"],
  ["EFBIG", "a file would grow beyond the limit that this process has"],
  ["EROFS", "the disk is mounted read-only"],
  ["EACCES", "this user has no right to"],
  ["EPERM", "this user has no right to"],
  ["EIO", "the disk reports an error"],
  ["ENOENT", "there is no such file or folder"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a part of its path is not a folder"],
  ["ELOOP", "its links lead round in a circle"],
  ["EEXIST", "there is already something else of that name"],
  ["EMFILE", "this process has too many files open"],
]);
