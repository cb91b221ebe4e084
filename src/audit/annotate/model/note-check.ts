/**
 * Words of a note that say what somebody looks like or who somebody is, in both languages. A reminder for a
 * well-meaning annotator, no filter: a reference says what happened, when and where, never to whom.
 */
const OF_PERSONS = [
  "m[ae]n|wom[ae]n|boys?|girls?|male|female|hommes?|femmes?|garçons?|filles?",
  "teenagers?|adolescente?s?|elderly|years? old|vieux|vieille|vieillard|ans",
  "black|white|arab|asian|african|noire?s?|blanche?s?|arabes?|asiatiques?|africaine?s?|roms?",
  "skin|hair|beard|veil|headscarf|hijab|peau|cheveux|barbus?|barbe|voilée?s?|voile|foulard",
  "jacket|coat|hoodie|cap|trousers|dress|skirt|blouson|manteau|veste|capuche|casquette|pantalon|robe|jupe",
  "homeless|beggar|drunk|sdf|sans-abri|mendiante?s?|ivres?|alcoolisée?s?",
  "mr|mrs|ms|monsieur|madame|m\\.|mme",
  "plate|licence|immatriculation|plaque",
];
const PATTERN = new RegExp(`(?<![\\p{L}\\p{N}])(?:${OF_PERSONS.join("|")})(?![\\p{L}\\p{N}])`, "giu");

/** The words of a note that its writer should think over, each once. */
export function wordsOfPersons(note: string): readonly string[] {
  return [...new Set((note.match(PATTERN) ?? []).map((word) => word.toLowerCase()))];
}

/** Declared conditions as a person types them: `light: night, crowd: dense`. Null where they are none. */
export function parsedConditions(text: string): Readonly<Record<string, string>> | null {
  const parts = text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const pairs: [string, string][] = [];
  for (const part of parts) {
    const found = /^([a-zA-Z0-9]+(?:[ _-][a-zA-Z0-9]+)*)\s*[:=]\s*(\S.*)$/.exec(part);
    const [, key = "", value = ""] = found ?? [];
    if (found === null || key.length > 64 || value.length > 200) return null;
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

/** The same the other way round. */
export function conditionsText(conditions: Readonly<Record<string, string>>): string {
  return Object.entries(conditions)
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ");
}
