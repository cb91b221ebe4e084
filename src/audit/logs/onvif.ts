import { CodedError, fault } from "../../errors.ts";
import type { LoggedAlert, LogReader, LogReading, LogRow, Origin } from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { alertRow, place, rejectedRow } from "./rows.ts";
import { readTime } from "./times.ts";
import { readXml, type XmlHandler } from "./xml.ts";

/**
 * Events as ONVIF cameras send them (ONVIF Core Specification, section "Notification structure"; Analytics Service
 * Specification, rules): `tt:MetadataStream` or `wsnt:Notify` with `wsnt:NotificationMessage`s. The event's name is
 * the topic without its prefixes, such as `RuleEngine/FieldDetector/ObjectsInside`; the rule is the source item
 * `Rule` or `RuleName`; the clip is the video source. A message with a state (`IsInside`, `State`, `IsMotion`, …) is an alert where
 * the state becomes true, and ends where it becomes false; one without a state, as of a crossed line, is one by
 * itself. Object ids, and whatever else the items hold, are not read.
 */
export const onvifReader: LogReader = {
  format: "onvif",
  recognises: (head) =>
    /^[^<]*</.test(head) && /<(?:\w+:)?(?:NotificationMessage|MetadataStream)[\s>]/.test(head),
  read: readOnvif,
};

const CLIP_ITEMS = ["VideoSourceConfigurationToken", "VideoSourceToken", "VideoSource", "Source"] as const;
/** `RuleName` is what the specification's own rules for objects call it. */
const RULE_ITEMS = ["Rule", "RuleName"] as const;
/** A number is a state only of an item that is called one: a `Speed` of 0 is none. */
const STATE_NAME = /^(?:is[A-Z]\w*|\w*(?:state|status|motion|alarm|trigger(?:ed)?)|active|value)$/i;
const STATES: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["on", true],
  ["active", true],
  ["0", false],
  ["off", false],
  ["inactive", false],
]);

async function* readOnvif(source: LogSource, reading: LogReading): AsyncGenerator<LogRow> {
  const messages = new Messages(source, reading);
  yield* readXml(source, messages);
  yield* messages.rest();
}

/** States that are true now, by topic and source. */
class Messages implements XmlHandler {
  readonly #source: LogSource;
  readonly #reading: LogReading;
  readonly #open = new Map<string, LoggedAlert>();
  #topic = "";
  #line = 0;
  #within = false;
  #section: "Source" | "Data" | null = null;
  #utc: string | null = null;
  #operation: string | null = null;
  #sourceItems = new Map<string, string>();
  #dataItems = new Map<string, string>();

  constructor(source: LogSource, reading: LogReading) {
    this.#source = source;
    this.#reading = reading;
  }

  open(name: string, attributes: ReadonlyMap<string, string>, line: number): void {
    if (name === "NotificationMessage") {
      this.#within = true;
      this.#line = line;
      this.#topic = "";
      this.#utc = null;
      this.#operation = null;
      this.#sourceItems = new Map();
      this.#dataItems = new Map();
    } else if (name === "Message" && attributes.has("UtcTime")) {
      this.#utc = attributes.get("UtcTime") ?? null;
      this.#operation = attributes.get("PropertyOperation") ?? null;
    } else if (name === "Source" || name === "Data") {
      this.#section = name;
    } else if (name === "SimpleItem" && this.#section !== null) {
      const items = this.#section === "Source" ? this.#sourceItems : this.#dataItems;
      const [key, value] = [attributes.get("Name"), attributes.get("Value")];
      if (key !== undefined && value !== undefined) items.set(key, value);
    }
  }

  close(name: string, text: string): readonly LogRow[] {
    if (name === "Topic" && this.#within) this.#topic = topicName(text);
    else if (name === "Source" || name === "Data") this.#section = null;
    else if (name === "NotificationMessage") {
      this.#within = false;
      return this.#message();
    }
    return [];
  }

  #first(names: readonly string[]): string | null {
    return names.map((name) => this.#sourceItems.get(name)).find((value) => value !== undefined) ?? null;
  }

  /** Alerts that were never said to be over. */
  rest(): readonly LogRow[] {
    return [...this.#open.values()].map(alertRow);
  }

  #message(): readonly LogRow[] {
    const origin: Origin = { file: this.#source.name, line: this.#line };
    const refuse = (error: CodedError) => [rejectedRow(origin, error)];
    if (this.#topic === "") return refuse(fault("LOG_ROW_NO_EVENT", { at: place(origin) }));
    if (this.#utc === null) return refuse(fault("LOG_ROW_NO_TIME", { at: place(origin) }));
    const at = readTime(this.#utc, this.#reading.time, origin, () => null);
    if (at instanceof CodedError) return refuse(at);
    const alert: LoggedAlert = {
      clip: this.#first(CLIP_ITEMS),
      event: this.#topic,
      rule: this.#first(RULE_ITEMS),
      at,
      since: null,
      until: null,
      confidence: null,
      box: null,
      origin,
    };
    const state = stateOf(this.#dataItems);
    const key = JSON.stringify([this.#topic, [...this.#sourceItems].sort()]);
    const open = this.#open.get(key);
    if (state === null) {
      // A property that is deleted says nothing more of its state: it is over.
      if (this.#operation === "Deleted") return this.#end(key, { ...alert });
      return [alertRow(alert)];
    }
    if (!state || this.#operation === "Deleted") return this.#end(key, alert);
    if (open === undefined) {
      this.#open.set(key, alert);
      return [];
    }
    // On every new connection a camera says all its states again.
    return refuse(fault("LOG_ROW_DUPLICATE", { at: place(origin), first: place(open.origin) }));
  }

  #end(key: string, closing: LoggedAlert): readonly LogRow[] {
    const open = this.#open.get(key);
    this.#open.delete(key);
    return open === undefined ? [] : [alertRow({ ...open, until: closing.at })];
  }
}

/** `tns1:RuleEngine/FieldDetector/tnsvendor:ObjectsInside` without the prefixes, which are each writer's own. */
function topicName(text: string): string {
  return text
    .split("/")
    .map((part) => part.slice(part.indexOf(":") + 1).trim())
    .join("/");
}

/** Whether the data say that it is so; null where they hold no state. */
function stateOf(data: ReadonlyMap<string, string>): boolean | null {
  for (const [name, value] of data) {
    const word = value.trim().toLowerCase();
    if (word === "true" || word === "false") return word === "true";
    const state = STATE_NAME.test(name) ? STATES.get(word) : undefined;
    if (state !== undefined) return state;
  }
  return null;
}
