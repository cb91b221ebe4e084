/**
 * A vendor's name of an event as references write names: "Bagarre Détectée" is bagarre_detectee. So that a name that
 * says the same needs no map.
 */
export function eventKey(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** Names of a log, and what they are called in the reference. */
export type NameMap = ReadonlyMap<string, string>;

/** What an event is called in the reference, one of the names that are known there; null where it is none of them. */
export function mapEvent(name: string, map: NameMap, known: ReadonlySet<string>): string | null {
  const mapped = map.get(name) ?? mappedByKey(name, map);
  const key = eventKey(mapped ?? name);
  for (const event of known) if (event === mapped || event === name || eventKey(event) === key) return event;
  return null;
}

function mappedByKey(name: string, map: NameMap): string | undefined {
  const key = eventKey(name);
  for (const [from, to] of map) if (eventKey(from) === key) return to;
  return undefined;
}

/** Finds the clip that a log means by a camera, a file or a clip. */
export class ClipNames {
  readonly #known = new Map<string, number>();
  readonly #map: NameMap;

  /** @param names of each clip: its id, and the names of its files */
  constructor(names: readonly (readonly string[])[], map: NameMap) {
    this.#map = map;
    for (const spell of [exact, loose]) {
      for (const [index, own] of names.entries()) {
        for (const name of own) {
          const key = spell(name);
          const other = this.#known.get(key);
          // A name that two clips could have means neither.
          if (other === undefined) this.#known.set(key, index);
          else if (other !== index) this.#known.set(key, AMBIGUOUS);
        }
      }
    }
  }

  /** @returns the clip's index, null where it is none of them */
  find(name: string): number | null {
    const meant = this.#map.get(name) ?? name;
    const found = this.#known.get(exact(meant)) ?? this.#known.get(loose(meant));
    return found === undefined || found === AMBIGUOUS ? null : found;
  }
}

const AMBIGUOUS = -1;

function exact(name: string): string {
  return `=${name}`;
}

/** Of a file: without its folders and its extension, in small letters. */
function loose(name: string): string {
  return `~${name
    .replace(/^.*[\\/]/, "")
    .replace(/\.[A-Za-z0-9]{1,5}$/, "")
    .toLowerCase()}`;
}
