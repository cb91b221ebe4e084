import { html } from "../../report/html.ts";
import type { Language } from "../../report/language.ts";
import { ENTRY } from "./page-files.ts";

/**
 * What the browser may do: load this server's own files, ask this server, and nothing else. No inline script or style,
 * no text that becomes a script (Trusted Types), no frame.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    // The page's empty icon.
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
  // The address holds the token.
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cache-Control": "no-store",
};

/** The page before its script runs. */
export function shellPage(language: Language, videoName: string): string {
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${videoName} · Contrechamp</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
</head>
<body>
<main id="app"><noscript>
<p lang="en">This page needs JavaScript. It comes from your own machine.</p>
<p lang="fr">Cette page a besoin de JavaScript. Elle vient de votre propre machine.</p>
</noscript></main>
<script type="module" src="${ENTRY}"></script>
</body>
</html>
`;
  return page.toString();
}

/** The language that a browser asks for first of those that there are; English otherwise. RFC 9110, section 12.5.4. */
export function acceptedLanguage(header: string | undefined): Language {
  const wanted = (header ?? "")
    .split(",")
    .map((part, index) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = /^\s*q=([\d.]+)\s*$/.exec(parameters.join(";"))?.[1];
      return { tag: tag.split("-", 1)[0] ?? "", quality: quality === undefined ? 1 : Number(quality), index };
    })
    .filter(({ tag, quality }) => (tag === "fr" || tag === "en") && quality > 0)
    .toSorted((a, b) => b.quality - a.quality || a.index - b.index);
  return wanted[0]?.tag === "fr" ? "fr" : "en";
}
