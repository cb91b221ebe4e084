import type { Language } from "../report/language.ts";

interface ServeWords {
  readonly serving: (address: string) => string;
  readonly firstStart: (token: string, until: string) => string;
}

/** What `serve` says to whoever started it. */
export const SERVE_WORDS: Readonly<Record<Language, ServeWords>> = {
  en: {
    serving: (address) => `Serving ${address}`,
    firstStart: (token, until) =>
      `Nobody has an account yet. This token makes the first administrator, once, until ${until} (POST /link/first-start):\n  ${token}`,
  },
  fr: {
    serving: (address) => `À l’écoute : ${address}`,
    firstStart: (token, until) =>
      `Personne n’a encore de compte. Ce jeton crée le premier administrateur, une seule fois, jusqu’au ${until} (POST /link/first-start) :\n  ${token}`,
  },
};
