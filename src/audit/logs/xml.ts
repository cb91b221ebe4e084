import { SaxesParser, type SaxesTagPlain } from "saxes";
import type { LogRow } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { brokenRow } from "./rows.ts";

/** Deeper than any format of alerts; the parser's memory grows with it. */
const DEEPEST = 64;
/** No tag, attribute or run of text of a log comes near it. */
const LONGEST_RUN = 1_048_576;

/** What a format does with the tags of its XML. Names are local: prefixes are the writer's own choice. */
export interface XmlHandler {
  /** @param line of the tag's end, from 1 @returns rows that are complete with it */
  open(name: string, attributes: ReadonlyMap<string, string>, line: number): void;
  /** @param text all text directly within the tag, trimmed */
  close(name: string, text: string, line: number): readonly LogRow[];
}

/**
 * Reads XML piece by piece, well-formed as XML 1.0 asks. A document type is refused, so there are no entities but the
 * five that XML itself has, and nothing is ever fetched or expanded (CWE-776, CWE-611); depth and length of what is
 * read are limited. A log is often several documents one after the other (a metadata stream): declarations between
 * them are allowed, and several roots.
 * A fault is yielded as LOG_BROKEN, and ends the log.
 */
export async function* readXml(source: LogSource, handler: XmlHandler): AsyncGenerator<LogRow> {
  // Fragments may have several roots, and text between them.
  const parser = new SaxesParser({ xmlns: false, fragment: true, position: true });
  const rows: LogRow[] = [];
  const texts: string[] = [];
  let last = 0;
  const failure: { row: LogRow | null } = { row: null };
  const stop = (what: string) => {
    failure.row ??= brokenRow(source, parser.line, what);
  };
  const going = () => {
    last = parser.position;
    return failure.row === null;
  };
  parser.on("error", (error) => stop(`it is no well-formed XML (${error.message.replace(/\.$/, "")})`));
  parser.on("doctype", () =>
    stop("it has a document type, which logs have no need of and which is not read"),
  );
  parser.on("opentag", (tag: SaxesTagPlain) => {
    if (!going()) return;
    texts.push("");
    if (texts.length > DEEPEST) stop(`tags are nested more than ${DEEPEST} deep`);
    else handler.open(local(tag.name), attributesOf(tag), parser.line);
  });
  parser.on("text", (text) => {
    if (!going() || texts.length === 0) return;
    texts.push((texts.pop() ?? "") + text);
    if ((texts.at(-1)?.length ?? 0) > LONGEST_RUN) stop("a text is longer than is read");
  });
  parser.on("cdata", (text) => {
    if (going() && texts.length > 0) texts.push((texts.pop() ?? "") + text);
  });
  parser.on("closetag", (tag: SaxesTagPlain) => {
    if (!going()) return;
    rows.push(...handler.close(local(tag.name), (texts.pop() ?? "").trim(), parser.line));
  });

  for await (const piece of withoutDeclarations(source)) {
    parser.write(piece);
    if (parser.position - last > LONGEST_RUN) stop("a tag or a text is longer than is read");
    yield* rows.splice(0);
    if (failure.row !== null) return yield failure.row;
  }
  parser.close();
  yield* rows.splice(0);
  if (failure.row !== null) yield failure.row;
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function attributesOf(tag: SaxesTagPlain): ReadonlyMap<string, string> {
  return new Map(Object.entries(tag.attributes).map(([name, value]) => [local(name), value]));
}

/** XML declarations stand at the beginning of each document of a stream; a fragment has none. Lines stay as they are. */
async function* withoutDeclarations(source: LogSource): AsyncGenerator<string> {
  let held = "";
  for await (const piece of source.pieces()) {
    const text = (held + piece).replace(/<\?xml\s[^<>]{0,200}\?>/g, (found) => found.replace(/[^\n]/g, " "));
    // The beginning of one may stand at the end of the piece.
    const open = text.lastIndexOf("<?");
    const cut = open >= 0 && text.length - open < 220 && !text.includes("?>", open) ? open : text.length;
    const split = text.endsWith("<") ? Math.min(cut, text.length - 1) : cut;
    held = text.slice(split);
    yield text.slice(0, split);
  }
  yield held;
}
