import type { Box } from "../../geometry/shapes.ts";
import type { Seconds } from "../../time/clock.ts";
import type { Track, TrackId } from "../../tracking/tracker.ts";
import type { Observation } from "../rule.ts";
import { clipToPicture } from "../view-geometry.ts";
import { type ContestedRule, Flagging } from "./contested-rule.ts";
import { type MeasuredView, type Position, Ruler, unsure } from "./ruler.ts";
import { settingWords } from "./words.ts";

/** Somebody stays within so many metres for so long. */
export interface StaticPresenceSetting {
  readonly within: number;
  readonly lasts: Seconds;
}

/** Further away for less than this is a slip of the detector. */
const SLIP: Seconds = 1;
/** Positions are remembered this often while a stay may still begin earlier. */
const EVERY: Seconds = 1;
/** Somebody who is lost where they stood and seen there again within this time still stays. */
const UNSEEN: Seconds = 5;

/** One person who may be staying. Lives as long as its track. */
interface Stay {
  /** The first is where the stay began; the later ones are where it may begin anew. */
  positions: Position[];
  /** The last position within reach of the first. */
  last: Position;
  box: Box;
  awaySince: Seconds | null;
  seen: Seconds;
  /** Since it has lasted long enough: where the rule would have spoken. */
  flaggedAt: Box | null;
}

/**
 * Static presence of one person, sold as "loitering" (in French "maraudage"). PETS 2007 defines it as somebody who
 * "remains within the scene for more than t seconds", t = 60 (www.cvg.rdg.ac.uk/PETS2007/data.html); products narrow
 * it to a place, and so does this: a circle round where the stay began. It flags whoever waits, rests or begs.
 */
export class StaticPresence implements ContestedRule {
  readonly kind = "static_presence";
  readonly setting: string;
  readonly #setting: StaticPresenceSetting;
  readonly #view: MeasuredView;
  readonly #ruler: Ruler;
  readonly #stays = new Map<TrackId, Stay>();
  readonly #flaggings: Flagging[] = [];

  constructor(view: MeasuredView, setting: StaticPresenceSetting) {
    this.#view = view;
    this.#setting = setting;
    this.#ruler = new Ruler(view);
    this.setting = settingWords({ kind: this.kind, ...setting }, this.#ruler.calibrated);
  }

  observe(observation: Observation): void {
    const { at, tracks } = observation;
    this.#ruler.learn(observation);
    this.#endUnseen(at - UNSEEN);
    const live = new Set(tracks.map((track) => track.id));
    for (const track of tracks) {
      if (track.class !== "person" || !track.confirmed || track.coasting) continue;
      const position = this.#ruler.position(track, at);
      if (position === null || unsure(position) > this.#setting.within / 2) continue;
      this.#look(track, position, live);
    }
  }

  finish(_at: Seconds): void {
    this.#endUnseen(Number.POSITIVE_INFINITY);
  }

  flaggings(): readonly Flagging[] {
    return this.#flaggings;
  }

  #look(track: Track, position: Position, live: ReadonlySet<TrackId>): void {
    const stay = this.#stays.get(track.id) ?? this.#continued(position, live) ?? beginning(position, track);
    this.#stays.set(track.id, stay);
    stay.seen = position.at;
    const first = stay.positions[0] ?? position;
    if (this.#ruler.metres(first, position) <= this.#setting.within) {
      stay.awaySince = null;
      stay.last = position;
      stay.box = track.box;
      const latest = stay.positions.at(-1) ?? first;
      if (stay.flaggedAt === null && position.at - latest.at >= EVERY) stay.positions.push(position);
      // A hair of tolerance: differences of instants fall short of the round figure.
      if (stay.flaggedAt === null && position.at - first.at >= this.#setting.lasts - 1e-6) {
        stay.flaggedAt = clipToPicture({ x: 0, y: 0, ...this.#view }, track.box);
        stay.positions = [first];
      }
      return;
    }
    stay.awaySince ??= position.at;
    if (position.at - stay.awaySince < SLIP) return;
    this.#end(stay);
    stay.flaggedAt = null;
    stay.awaySince = null;
    stay.positions = this.#newBeginning([...stay.positions, position]);
    stay.last = position;
    stay.box = track.box;
  }

  /** From the earliest position that all later ones are within reach of. */
  #newBeginning(positions: readonly Position[]): Position[] {
    const { within } = this.#setting;
    const from = positions.findIndex((candidate, index) =>
      positions.slice(index + 1).every((later) => this.#ruler.metres(candidate, later) <= within),
    );
    return positions.slice(from);
  }

  /** The stay of somebody who was lost at this very place a moment ago. Places are compared, not persons. */
  #continued(position: Position, live: ReadonlySet<TrackId>): Stay | null {
    for (const [id, stay] of this.#stays) {
      if (live.has(id) || this.#ruler.metres(stay.last, position) > this.#setting.within / 2) continue;
      this.#stays.delete(id);
      return stay;
    }
    return null;
  }

  #endUnseen(before: Seconds): void {
    for (const [id, stay] of this.#stays) {
      if (stay.seen >= before) continue;
      this.#end(stay);
      this.#stays.delete(id);
    }
  }

  #end(stay: Stay): void {
    const begin = stay.positions[0]?.at;
    if (stay.flaggedAt !== null && begin !== undefined) {
      this.#flaggings.push(new Flagging(begin, stay.last.at, stay.flaggedAt));
    }
  }
}

function beginning(position: Position, { box }: Track): Stay {
  return {
    positions: [position],
    last: position,
    box,
    awaySince: null,
    seen: position.at,
    flaggedAt: null,
  };
}
