/** What a contested rule may be set to, as its words need it. */
export type ContestedSetting =
  | { readonly kind: "static_presence"; readonly within: number; readonly lasts: number }
  | {
      readonly kind: "running" | "slow_walking";
      readonly metresPerSecond: number;
      readonly lasts: number;
    };

/**
 * A setting in words that a person can check, each language written for itself. The record has the English ones.
 * @param calibrated false where lengths are told by how tall bodies appear
 */
export function settingWords(
  setting: ContestedSetting,
  calibrated: boolean,
  language: "en" | "fr" = "en",
): string {
  return `${WORDS[language](setting)}${calibrated ? "" : UNCALIBRATED[language]}`;
}

const UNCALIBRATED = {
  en: ", not calibrated: lengths by the height of bodies",
  fr: ", sans étalonnage : longueurs estimées d'après la taille apparente des corps",
} as const;

const WORDS = {
  en(setting: ContestedSetting): string {
    switch (setting.kind) {
      case "static_presence":
        return `stays within ${setting.within} m for ${setting.lasts} s`;
      case "running":
        return `moves at ${setting.metresPerSecond} m/s or faster for ${setting.lasts} s`;
      case "slow_walking":
        return `walks slower than ${setting.metresPerSecond} m/s for ${setting.lasts} s`;
    }
  },
  fr(setting: ContestedSetting): string {
    const speed = setting.kind === "static_presence" ? "" : String(setting.metresPerSecond).replace(".", ",");
    switch (setting.kind) {
      case "static_presence":
        return `reste ${setting.lasts} s dans un rayon de ${setting.within} m`;
      case "running":
        return `se déplace à ${speed} m/s ou plus pendant ${setting.lasts} s`;
      case "slow_walking":
        return `marche à moins de ${speed} m/s pendant ${setting.lasts} s`;
    }
  },
};
