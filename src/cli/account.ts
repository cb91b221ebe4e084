import { userInfo } from "node:os";

/** The account that a command runs under, as who answers for it where nobody gave a name. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `${process.getuid?.() ?? "unknown"}`;
  }
}
