import { fault } from "../../errors.ts";
import { webAddress } from "../../policy/fields.ts";

/** The address that `--url` gives. @throws AUTHORISE_VALUE where nobody could open it */
export function urlOption(text: string): string {
  if (webAddress.safeParse(text).success) return text;
  throw fault("AUTHORISE_VALUE", {
    option: "--url",
    found: JSON.stringify(text),
    expected: "an address that begins with https:// or http://",
  });
}
