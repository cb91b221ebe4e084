import type { ReferencePart } from "./document.ts";

/** What the server tells the page when it opens. */
export interface Session {
  readonly video: {
    /** File name, without its folder. */
    readonly name: string;
    /** Size of the picture in px, after rotation. */
    readonly width: number;
    readonly height: number;
    readonly codec: string;
    /** Pictures a second as the file declares, null where it does not. */
    readonly rate: number | null;
    /** Seconds; null where the file does not say. */
    readonly duration: number | null;
    /** The command that makes a copy which browsers play. */
    readonly convert: string;
  };
  /** File name of the reference, without its folder. */
  readonly file: string;
  readonly language: PageLanguage;
  /** What digits choose, in this order: the rules of the camera, the events of the law, what the file holds. */
  readonly kinds: readonly Kind[];
  /** What events are called. */
  readonly labels: Readonly<Record<PageLanguage, Readonly<Record<string, string>>>>;
  /** Seconds by which times of new events may be off. */
  readonly tolerance: number;
  readonly current: Current;
}

export type PageLanguage = "en" | "fr";

export interface Kind {
  readonly event: string;
  readonly rule: string | null;
}

/** The reference as the server has it. */
export interface Current {
  /** Grows with each change of the file. */
  readonly revision: number;
  readonly reference: ReferencePart;
  /** What `audit run` would refuse in it. */
  readonly problems: readonly string[];
}

/** Answer to a change that was written. */
export interface Saved {
  readonly revision: number;
  readonly problems: readonly string[];
}

/** Answer to the page's regular question. */
export interface Pulse {
  readonly revision: number;
  /** Windows that have this recording open now. */
  readonly windows: number;
}

/** Any refusal of the server. */
export interface Refused {
  readonly code: string;
  readonly message: string;
}
