/**
 * What an operator's own network may be brought for, and all that it may then name. Closed, like the classes of the
 * camera's detector: a network in a slot finds things of one event, in boxes, and tells nothing else.
 *
 * `weapon` is one class: which kind of weapon (CSI R.311-1 and R.311-2: firearms, bladed weapons, launchers and so on)
 * is not for a machine to say. A network's labels of kinds are all mapped onto it.
 */
export const SLOT_CLASSES_OF = {
  weapon: ["weapon"],
  fire: ["flame", "smoke"],
} as const;

/** An event whose rule may name a network of its own. */
export type SlotEvent = keyof typeof SLOT_CLASSES_OF;
export type SlotClass = (typeof SLOT_CLASSES_OF)[SlotEvent][number];

export const SLOT_EVENTS = Object.keys(SLOT_CLASSES_OF) as readonly SlotEvent[];
export const SLOT_CLASSES: readonly SlotClass[] = SLOT_EVENTS.flatMap((event) => SLOT_CLASSES_OF[event]);

/**
 * Words, in English and French, by which a label or an output would tell one person from another, say what somebody is
 * like, or read a plate: the charter's refusals. Whole words, so that `surface` is none.
 */
const REFUSED_WORDS = new Set(
  [
    "face faces facial visage visages iris eye eyes",
    "age ages gender sex male female man men woman women boy girl child children adult homme femme enfant",
    "skin ethnicity race asian african european arab beard hair hijab veil mask masked hood hooded",
    "emotion mood angry identity identities id ids reid person_id embedding embeddings embed descriptor appearance",
    "feature features gait attribute attributes clothing clothes garment suspect suspicious robber thief shooter",
    "terrorist attacker criminal plate plates lpr alpr anpr ocr biometric biometrics",
  ].flatMap((line) => line.split(" ")),
);

/** Of labels or names of outputs, those that the charter refuses. */
export function refusedNames(names: readonly string[]): readonly string[] {
  return names.filter((name) =>
    name
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^\p{L}0-9]+/u)
      .some((word) => REFUSED_WORDS.has(word)),
  );
}
