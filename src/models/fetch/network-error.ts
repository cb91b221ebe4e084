/** An error of the network or the registry; of an address in it only host and path are shown. */
export function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const [line = ""] = `${message}${cause}`.split("\n");
  return line.replace(/https?:\/\/\S+/g, shownAddress);
}

/** An address without user, password and query. */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return "the address";
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
