import fc from "fast-check";
import { expect, test } from "vitest";
import {
  exampleAuthorisation,
  exampleCameraAuthorisation,
  exampleCertificate,
  exampleNotice,
  testKeys,
} from "../../test/support/policy-fixtures.ts";
import { documentText, inspectDocument } from "./documents.ts";
import { verifyAuthorisation } from "./verify-documents.ts";

const AUTHORISATION = documentText(exampleAuthorisation(), "a.yml");
const CERTIFICATE = documentText(exampleCertificate(), "a.yml");
const NOTICE = documentText(exampleNotice(), "a.yml");
const TRUST = documentText(testKeys().trust, "a.yml");

/** The text with one part exchanged; the part must be there, or the row would test nothing. */
function edit(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`${from} is not in the example`);
  return text.replace(from, to);
}

/** "Billion laughs": nine lists, each of nine aliases of the one before. */
const BOMB = [..."bcdefghi"].reduce(
  ({ text, before }, name) => ({
    text: `${text}${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]\n`,
    before: name,
  }),
  { text: "a: &a [x, x, x, x, x, x, x, x, x]\n", before: "a" },
).text;

test.each([
  AUTHORISATION,
  documentText(exampleCameraAuthorisation(), "a.yml"),
  CERTIFICATE,
  NOTICE,
  TRUST,
])("the example itself has no problem", (text) => {
  expect(inspectDocument(text, "a.yml").problems).toEqual([]);
});

/** What is wrong, the text, and all that is said of it: code, file, line, column, path and what to read there. */
const CASES: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  [
    "an empty file",
    "",
    [
      "DOCUMENT_SCHEMA a.yml:1:1: found nothing, expected one of contrechamp/authorisation@1, contrechamp/certificate@1, contrechamp/notice@1, contrechamp/trust@1",
    ],
  ],
  [
    "a number",
    "42\n",
    [
      "DOCUMENT_SCHEMA a.yml:1:1: found 42, expected one of contrechamp/authorisation@1, contrechamp/certificate@1, contrechamp/notice@1, contrechamp/trust@1",
    ],
  ],
  [
    "a list",
    "- a\n- b\n",
    [
      "DOCUMENT_SCHEMA a.yml:1:1: found the list [a, b], expected one of contrechamp/authorisation@1, contrechamp/certificate@1, contrechamp/notice@1, contrechamp/trust@1",
    ],
  ],
  [
    "broken YAML",
    "schema: [\n",
    [
      "CONFIG_SYNTAX a.yml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ],
  ["a tab", "a:\n\tb: 1\n", ["CONFIG_SYNTAX a.yml:2:1: not valid YAML: Tabs are not allowed as indentation"]],
  [
    "two documents in one file",
    edit(AUTHORISATION, "kind: analytic_authorisation\n", "---\nkind: analytic_authorisation\n"),
    ["CONFIG_SYNTAX a.yml:2:1: not valid YAML: a second document begins here, and one is read"],
  ],
  [
    "a tag",
    edit(AUTHORISATION, "kind: analytic_authorisation", "kind: !js/function analytic_authorisation"),
    ["CONFIG_SYNTAX a.yml:2:7: not valid YAML: Unresolved tag: !js/function"],
  ],
  [
    "a merge key",
    edit(AUTHORISATION, "kind: analytic_authorisation\n", "kind: analytic_authorisation\n<<: { id: x }\n"),
    [
      "CONFIG_UNKNOWN_KEY a.yml:3:1 <<: unknown key << (merge keys are not supported: an alias stands for a whole value)",
    ],
  ],
  [
    "a key that stands twice",
    edit(
      AUTHORISATION,
      "kind: analytic_authorisation\n",
      "kind: analytic_authorisation\nkind: analytic_authorisation\n",
    ),
    ["CONFIG_DUPLICATE_KEY a.yml:3:1: the key kind stands twice in the same place"],
  ],
  [
    "an alias of nothing",
    edit(AUTHORISATION, "kind: analytic_authorisation", "kind: *kind"),
    ["CONFIG_SYNTAX a.yml:2:7: not valid YAML: no anchor &kind stands before the alias"],
  ],
  [
    "an alias within itself",
    edit(AUTHORISATION, "associatedServices: []", "associatedServices: &all [ *all ]"),
    ["CONFIG_SYNTAX a.yml:25:28: not valid YAML: the alias *all stands within itself"],
  ],
  [
    "a YAML bomb",
    BOMB,
    ["CONFIG_ALIASES a.yml:1:1: the aliases (*name) of the file expand to more than 1000 values"],
  ],
  [
    "more than 1 MiB",
    `#${" ".repeat(1_048_576)}`,
    ["DOCUMENT_TOO_LARGE The document a.yml has 1048577 bytes; at most 1048576 are read"],
  ],
  [
    "no schema",
    edit(AUTHORISATION, "schema: contrechamp/authorisation@1\n", ""),
    [
      "DOCUMENT_SCHEMA a.yml:1:1: found no key schema, expected one of contrechamp/authorisation@1, contrechamp/certificate@1, contrechamp/notice@1, contrechamp/trust@1",
    ],
  ],
  [
    "another schema",
    edit(AUTHORISATION, "contrechamp/authorisation@1", "contrechamp/config@1"),
    [
      'DOCUMENT_SCHEMA a.yml:1:1 schema: found "contrechamp/config@1", expected one of contrechamp/authorisation@1, contrechamp/certificate@1, contrechamp/notice@1, contrechamp/trust@1',
    ],
  ],
  [
    "a schema of tomorrow",
    edit(AUTHORISATION, "contrechamp/authorisation@1", "contrechamp/authorisation@2"),
    [
      'DOCUMENT_SCHEMA a.yml:1:1 schema: found "contrechamp/authorisation@2", expected one of contrechamp/authorisation@1, contrechamp/certificate@1, contrechamp/notice@1, contrechamp/trust@1',
    ],
  ],
  [
    "a schema that is a name of every object",
    edit(AUTHORISATION, "contrechamp/authorisation@1", "toString"),
    [
      'DOCUMENT_SCHEMA a.yml:1:1 schema: found "toString", expected one of contrechamp/authorisation@1, contrechamp/certificate@1, contrechamp/notice@1, contrechamp/trust@1',
    ],
  ],
  [
    "no kind",
    edit(AUTHORISATION, "kind: analytic_authorisation\n", ""),
    [
      "CONFIG_MISSING_KEY a.yml:1:1: kind is missing, expected one of camera_authorisation, analytic_authorisation",
    ],
  ],
  [
    "another kind",
    edit(AUTHORISATION, "analytic_authorisation", "plate_reading_authorisation"),
    [
      'CONFIG_VALUE a.yml:2:1 kind: found "plate_reading_authorisation", expected one of camera_authorisation, analytic_authorisation',
    ],
  ],
  [
    "an unknown key",
    edit(AUTHORISATION, "maxDuration: P1M\n", "maxDuration: P1M\nfaceSearch: true\n"),
    ["CONFIG_UNKNOWN_KEY a.yml:111:1 faceSearch: unknown key faceSearch"],
  ],
  [
    "a misspelt key",
    edit(AUTHORISATION, "renewalCount: 0", "renewalcount: 0"),
    ["CONFIG_UNKNOWN_KEY a.yml:112:1 renewalcount: unknown key renewalcount (did you mean renewalCount?)"],
  ],
  [
    "a missing key",
    edit(AUTHORISATION, "maxDuration: P1M\n", ""),
    ["CONFIG_MISSING_KEY a.yml:1:1: maxDuration is missing, expected a value of type string"],
  ],
  [
    "a ninth event",
    edit(AUTHORISATION, "events:\n  - zone_intrusion", "events:\n  - fight"),
    [
      'CONFIG_VALUE a.yml:77:5 events[0]: found "fight", expected one of abandoned_object, weapon, wrong_way, zone_intrusion, person_down, crowd_movement, crowd_density, fire',
    ],
  ],
  [
    "a number where text is due",
    edit(AUTHORISATION, "  deadline: 2 mois", "  deadline: 2"),
    ["CONFIG_VALUE a.yml:51:3 appeal.deadline: found 2, expected a value of type string"],
  ],
  [
    "text where a number is due",
    edit(AUTHORISATION, "attendanceExpected: 12000", "attendanceExpected: many"),
    [
      'CONFIG_VALUE a.yml:60:3 eventGathering.attendanceExpected: found "many", expected a value of type number',
    ],
  ],
  [
    "nothing where something is due",
    edit(AUTHORISATION, "maxDuration: P1M", "maxDuration:"),
    ["CONFIG_VALUE a.yml:110:1 maxDuration: found nothing, expected a value of type string"],
  ],
  [
    "no camera",
    edit(AUTHORISATION, "cameras:\n  - exemple-porte-nord", "cameras: []"),
    ["CONFIG_VALUE a.yml:33:1 cameras: found an empty list, expected at least 1 item"],
  ],
  [
    "a text in one language only",
    edit(AUTHORISATION, "  en: Example authorisation\n", ""),
    ["CONFIG_MISSING_KEY a.yml:5:1 title: en is missing, expected a value of type string"],
  ],
  [
    "an instant without offset",
    edit(AUTHORISATION, "2024-07-15T00:00:00+02:00", "2024-07-15T00:00:00"),
    [
      'CONFIG_VALUE a.yml:43:1 validFrom: found "2024-07-15T00:00:00", expected an instant with its offset, such as 2024-07-26T17:30:00+02:00',
    ],
  ],
  [
    "a date where an instant is due",
    edit(AUTHORISATION, "2024-07-15T00:00:00+02:00", "2024-07-15"),
    [
      'CONFIG_VALUE a.yml:43:1 validFrom: found "2024-07-15", expected an instant with its offset, such as 2024-07-26T17:30:00+02:00',
    ],
  ],
  [
    "a day that there is not",
    edit(AUTHORISATION, "2024-07-15T00:00:00+02:00", "2024-02-30T00:00:00+01:00"),
    [
      'CONFIG_VALUE a.yml:43:1 validFrom: found "2024-02-30T00:00:00+01:00", expected an instant with its offset, such as 2024-07-26T17:30:00+02:00',
    ],
  ],
  [
    "a duration in words",
    edit(AUTHORISATION, "maxDuration: P1M", "maxDuration: one month"),
    [
      'CONFIG_VALUE a.yml:110:1 maxDuration: found "one month", expected an ISO 8601 duration, such as P1M, P7D or PT24H',
    ],
  ],
  [
    "a time of day that there is not",
    edit(AUTHORISATION, 'from: "14:00"', 'from: "25:00"'),
    ['CONFIG_VALUE a.yml:107:5 dailyWindows[0].from: found "25:00", expected a time of day, such as 08:30'],
  ],
  [
    "a hash in capitals",
    edit(AUTHORISATION, "documentSha256: 827a", "documentSha256: 827A"),
    [
      'CONFIG_VALUE a.yml:46:1 documentSha256: found "827A26d37d791f7fda9de41c48b8084067f61a71028b9d07ae7ac7078af850f3", expected a SHA-256 in 64 small hexadecimal digits',
    ],
  ],
  [
    "a country by name",
    edit(AUTHORISATION, "  - FR", "  - France"),
    [
      'CONFIG_VALUE a.yml:48:5 dataLocation[0]: found "France", expected an ISO 3166 code of two capitals, such as FR',
    ],
  ],
  [
    "an id that is no URI",
    edit(AUTHORISATION, "id: urn:example:autorisation:2024-0001", "id: arrêté 1"),
    [
      'CONFIG_VALUE a.yml:3:1 id: found "arrêté 1", expected an absolute URI in ASCII, such as https://… or urn:…',
    ],
  ],
  [
    "an id with a Cyrillic letter",
    edit(AUTHORISATION, "id: urn:example:autorisation", "id: urn:\u0435\u0445ample:autorisation"),
    [
      'CONFIG_VALUE a.yml:3:1 id: found "urn:\u0435\u0445ample:autorisation:2024-0001", expected an absolute URI in ASCII, such as https://… or urn:…',
    ],
  ],
  [
    "a condition's id in capitals",
    edit(AUTHORISATION, "id: affluence", "id: Affluence"),
    [
      'CONFIG_VALUE a.yml:65:5 conditions[0].id: found "Affluence", expected small Latin letters, digits, dots and hyphens',
    ],
  ],
  [
    "a short signature",
    AUTHORISATION.replace(/(decisionSignature:[\s\S]*?value: )\S+/, "$1AAAA"),
    ['CONFIG_VALUE a.yml:174:3 decisionSignature.value: found "AAAA", expected at least 88 characters'],
  ],
  [
    "an end before its beginning",
    edit(AUTHORISATION, 'validUntil: "2024-08-12', 'validUntil: "2024-07-14'),
    [
      "AUTHORISATION_PERIOD a.yml:44:1 validUntil: it ends at 2024-07-14T00:00:00+02:00, which is not after its beginning, 2024-07-15T00:00:00+02:00",
    ],
  ],
  [
    "an end at its beginning",
    edit(AUTHORISATION, 'validUntil: "2024-08-12', 'validUntil: "2024-07-15'),
    [
      "AUTHORISATION_PERIOD a.yml:44:1 validUntil: it ends at 2024-07-15T00:00:00+02:00, which is not after its beginning, 2024-07-15T00:00:00+02:00",
    ],
  ],
  [
    "32 days where a month is the most",
    edit(AUTHORISATION, 'validUntil: "2024-08-12', 'validUntil: "2024-08-16'),
    [
      "AUTHORISATION_TOO_LONG a.yml:44:1 validUntil: it ends at 2024-08-16T00:00:00+02:00, and with maxDuration P1M it may last until 2024-08-15T00:00:00+02:00",
    ],
  ],
  [
    "a millisecond more than a month",
    edit(
      AUTHORISATION,
      'validUntil: "2024-08-12T00:00:00+02:00"',
      'validUntil: "2024-08-15T00:00:00.001+02:00"',
    ),
    [
      "AUTHORISATION_TOO_LONG a.yml:44:1 validUntil: it ends at 2024-08-15T00:00:00.001+02:00, and with maxDuration P1M it may last until 2024-08-15T00:00:00+02:00",
    ],
  ],
  [
    "published before it was decided",
    edit(AUTHORISATION, 'publishedAt: "2024-07-10T08:00:00.000Z"', 'publishedAt: "2024-07-10T07:59:59Z"'),
    [
      "AUTHORISATION_PUBLICATION a.yml:140:1 publishedAt: it was published before it was decided (2024-07-10T10:00:00+02:00)",
    ],
  ],
  [
    "published nowhere",
    edit(AUTHORISATION, "publicationUrl: https://example.org/actes/exemple", "publicationUrl: null"),
    ["AUTHORISATION_PUBLICATION a.yml:140:1 publishedAt: when it was published is given, and not where"],
  ],
  [
    "active and never published",
    edit(
      AUTHORISATION,
      'publishedAt: "2024-07-10T08:00:00.000Z"\npublicationUrl: https://example.org/actes/exemple',
      "publishedAt: null",
    ),
    ["AUTHORISATION_PUBLICATION a.yml:141:1 status: it is active and was never published"],
  ],
  [
    "a status that its history does not know",
    edit(AUTHORISATION, "status: active\nstatusHistory", "status: suspended\nstatusHistory"),
    [
      "AUTHORISATION_HISTORY a.yml:142:1 status: the status is suspended, and the last entry of its history says active",
    ],
  ],
  [
    "a history out of order",
    edit(AUTHORISATION, 'status: draft\n    at: "2024-07-10T06', 'status: draft\n    at: "2024-07-10T09'),
    [
      "AUTHORISATION_HISTORY a.yml:152:5 statusHistory[1].at: the entry is of 2024-07-10T08:00:00.000Z, before the one above it (2024-07-10T09:00:00.000Z)",
    ],
  ],
  [
    "active straight after a draft",
    edit(AUTHORISATION, "  - status: published", "  - status: active"),
    [
      "AUTHORISATION_HISTORY a.yml:151:5 statusHistory[1].status: active cannot follow draft",
      "AUTHORISATION_HISTORY a.yml:161:5 statusHistory[2].status: active cannot follow active",
    ],
  ],
  [
    "an active entry with the ground of an annulment",
    edit(
      AUTHORISATION,
      "reason: In force as published\n    instrumentId: null\n    annulmentGround: null",
      "reason: In force as published\n    instrumentId: null\n    annulmentGround: procedural",
    ),
    [
      "AUTHORISATION_HISTORY a.yml:161:5 statusHistory[2]: an annulment, and nothing else, has a ground: procedural or substantive",
    ],
  ],
  [
    "a renewal of nothing",
    edit(AUTHORISATION, "renewalCount: 0", "renewalCount: 2"),
    ["AUTHORISATION_RENEWAL a.yml:112:1 renewalCount: it is said to be renewal 2, and names none before it"],
  ],
  [
    "a renewal that is the first",
    edit(AUTHORISATION, "renewalOf: null", "renewalOf: urn:example:autorisation:2024-0000"),
    [
      "AUTHORISATION_RENEWAL a.yml:111:1 renewalOf: it renews urn:example:autorisation:2024-0000, and its renewalCount is 0",
    ],
  ],
  [
    "a renewal of itself",
    edit(
      AUTHORISATION,
      "renewalOf: null\nrenewalCount: 0",
      "renewalOf: urn:example:autorisation:2024-0001\nrenewalCount: 1",
    ),
    ["AUTHORISATION_RENEWAL a.yml:111:1 renewalOf: it is said to renew itself"],
  ],
  [
    "a zone of another camera",
    edit(
      AUTHORISATION,
      "  - cameraId: exemple-porte-nord\n    event: zone_intrusion",
      "  - cameraId: exemple-porte-sud\n    event: zone_intrusion",
    ),
    [
      "AUTHORISATION_ZONE a.yml:87:5 zones[0].cameraId: the zone is of the camera exemple-porte-sud, which is not listed",
    ],
  ],
  [
    "a zone for another event",
    edit(AUTHORISATION, "    event: crowd_density", "    event: fire"),
    ["AUTHORISATION_ZONE a.yml:97:5 zones[1].event: the zone is for fire, which is not listed"],
  ],
  [
    "a zone that crosses itself",
    edit(AUTHORISATION, "- [ 500, 100 ]\n      - [ 500, 400 ]", "- [ 500, 400 ]\n      - [ 500, 100 ]"),
    ["AUTHORISATION_ZONE a.yml:89:5 zones[0].polygon: the zone crosses itself"],
  ],
  [
    "intrusion into a zone for counting",
    edit(AUTHORISATION, "nature: forbidden", "nature: counting"),
    [
      "AUTHORISATION_ZONE a.yml:94:5 zones[0].nature: intrusion is into a forbidden or sensitive zone, and this one is for counting",
    ],
  ],
  [
    "a wrong event: an analytic of another",
    edit(
      AUTHORISATION,
      "analyticId: urn:contrechamp:analytic:crowd_density",
      "analyticId: urn:contrechamp:analytic:fire",
    ),
    [
      "warning AUTHORISATION_ANALYTIC a.yml:78:5 events[1]: no analytic is listed for crowd_density: it will never be raised",
      "AUTHORISATION_ANALYTIC a.yml:83:5 analytics[1].analyticId: urn:contrechamp:analytic:fire is for fire, which is not listed",
    ],
  ],
  [
    "an analytic that there is not",
    edit(
      AUTHORISATION,
      "analyticId: urn:contrechamp:analytic:crowd_density",
      "analyticId: urn:example:analytic:theft",
    ),
    [
      "warning AUTHORISATION_ANALYTIC a.yml:78:5 events[1]: no analytic is listed for crowd_density: it will never be raised",
      "AUTHORISATION_ANALYTIC a.yml:83:5 analytics[1].analyticId: urn:example:analytic:theft is no analytic that there is",
    ],
  ],
  [
    "exempted without grounds",
    edit(AUTHORISATION, "exempted: false", "exempted: true"),
    [
      "AUTHORISATION_INFORMATION a.yml:113:1 publicInformation: the public is not informed, and no grounds are given",
    ],
  ],
  [
    "information by no means",
    edit(AUTHORISATION, "  means:\n    - affichage\n    - site web", "  means: []"),
    [
      "AUTHORISATION_INFORMATION a.yml:114:3 publicInformation.means: the public is to be informed, and by no means at all",
    ],
  ],
  [
    "clips for 31 days",
    edit(AUTHORISATION, "clips: P7D", "clips: P31D"),
    ["AUTHORISATION_RETENTION a.yml:125:3 retention.clips: clips are kept for P31D, allowed is at most P1M"],
  ],
  [
    "access logs for 5 months",
    edit(AUTHORISATION, "accessLogs: P1Y", "accessLogs: P5M"),
    [
      "AUTHORISATION_RETENTION a.yml:126:3 retention.accessLogs: access logs are kept for P5M, allowed is P6M to P3Y",
    ],
  ],
  [
    "access logs for 4 years",
    edit(AUTHORISATION, "accessLogs: P1Y", "accessLogs: P4Y"),
    [
      "AUTHORISATION_RETENTION a.yml:126:3 retention.accessLogs: access logs are kept for P4Y, allowed is P6M to P3Y",
    ],
  ],
  [
    "a gathering that ends before it begins",
    edit(AUTHORISATION, 'end: "2024-07-20T23:30', 'end: "2024-07-20T15:30'),
    [
      "AUTHORISATION_GATHERING a.yml:59:3 eventGathering.end: the gathering ends at 2024-07-20T15:30:00+02:00, which is not after its beginning, 2024-07-20T16:00:00+02:00",
    ],
  ],
  [
    "an attestation by nobody",
    edit(AUTHORISATION, "attestedBy: Exemple de responsable", "attestedBy: null"),
    ["AUTHORISATION_ATTESTATION a.yml:65:5 conditions[0]: an attestation says who and when, or it is none"],
  ],
  [
    "a perimeter that does not close",
    edit(
      AUTHORISATION,
      "      - [ 2.01, 48.01 ]\n      - [ 2, 48.01 ]\n      - [ 2, 48 ]",
      "      - [ 2.01, 48.01 ]\n      - [ 2, 48.01 ]\n      - [ 2, 48.001 ]",
    ),
    [
      "AUTHORISATION_PERIMETER a.yml:38:7 perimeter.coordinates[0]: the ring does not close: its last position is not its first",
    ],
  ],
  [
    "a perimeter that crosses itself",
    edit(
      AUTHORISATION,
      "      - [ 2.01, 48.01 ]\n      - [ 2, 48.01 ]",
      "      - [ 2, 48.01 ]\n      - [ 2.01, 48.01 ]",
    ),
    ["AUTHORISATION_PERIMETER a.yml:38:7 perimeter.coordinates[0]: the ring crosses itself"],
  ],
  [
    "a perimeter with latitude first",
    edit(AUTHORISATION, "- - [ 2, 48 ]\n      - [ 2.01, 48 ]", "- - [ 2, 148 ]\n      - [ 2.01, 48 ]"),
    ["CONFIG_VALUE a.yml:38:14 perimeter.coordinates[0][0][1]: found 148, expected at most 90"],
  ],
  [
    "a SIREN with a slip",
    edit(AUTHORISATION, 'SIREN: "000000000"', 'SIREN: "000000010"'),
    ["AUTHORISATION_SIREN a.yml:21:3 controller.SIREN: 000000010 is no SIREN: its check digit is wrong"],
  ],
  [
    "a camera twice",
    edit(
      AUTHORISATION,
      "cameras:\n  - exemple-porte-nord",
      "cameras:\n  - exemple-porte-nord\n  - exemple-porte-nord",
    ),
    ["DOCUMENT_REPEATED a.yml:35:5 cameras[1]: the camera exemple-porte-nord stands in the list twice"],
  ],
  [
    "the offset of winter in summer",
    edit(AUTHORISATION, "2024-07-15T00:00:00+02:00", "2024-07-15T00:00:00+01:00"),
    [
      "DOCUMENT_TIME_ZONE a.yml:43:1 validFrom: found 2024-07-15T00:00:00+01:00, but at that instant the clocks of Europe/Paris are at +02:00",
    ],
  ],
  [
    "the offset of another country",
    edit(AUTHORISATION, "2024-08-12T00:00:00+02:00", "2024-08-12T00:00:00-04:00"),
    [
      "DOCUMENT_TIME_ZONE a.yml:44:1 validUntil: found 2024-08-12T00:00:00-04:00, but at that instant the clocks of Europe/Paris are at +02:00",
    ],
  ],
  [
    "a Cyrillic letter in the authority's name",
    edit(AUTHORISATION, "  name: Préfecture d’exemple", "  name: Pr\u0435fecture d’exemple"),
    [
      "DOCUMENT_LOOKALIKE a.yml:9:3 issuingAuthority.name: Pr\u0435fecture may pass for another name: P U+0050 (Latin) and \u0435 U+0435 (Cyrillic) are of different scripts",
    ],
  ],
  [
    "a Greek letter in a camera's id",
    edit(AUTHORISATION, "cameras:\n  - exemple-porte-nord", "cameras:\n  - exemple-p\u03bfrte-nord"),
    [
      "DOCUMENT_LOOKALIKE a.yml:34:5 cameras[0]: p\u03bfrte may pass for another name: p U+0070 (Latin) and \u03bf U+03BF (Greek) are of different scripts",
      "AUTHORISATION_ZONE a.yml:87:5 zones[0].cameraId: the zone is of the camera exemple-porte-nord, which is not listed",
      "AUTHORISATION_ZONE a.yml:96:5 zones[1].cameraId: the zone is of the camera exemple-porte-nord, which is not listed",
    ],
  ],
  [
    "an override of the direction in the grounds",
    edit(AUTHORISATION, 'en: "Example: many people are', 'en: "Example: \u202emany people are'),
    [
      "DOCUMENT_INVISIBLE a.yml:32:3 grounds.en: the text may read otherwise than it is stored, near Example: <U+202E>many people are exp: it holds the invisible character U+202E",
    ],
  ],
  [
    "a certificate that ends before it was issued",
    edit(CERTIFICATE, 'validUntil: "2025', 'validUntil: "2023'),
    [
      "CERTIFICATE_CONTRADICTS a.yml:11:1 validUntil: it ends at 2023-06-01T10:00:00+02:00, which is not after it was issued, 2024-06-01T10:00:00+02:00",
    ],
  ],
  [
    "a certificate of another event",
    edit(CERTIFICATE, "event: zone_intrusion", "event: fire"),
    [
      "CERTIFICATE_CONTRADICTS a.yml:3:1 analyticId: the event fire is detected by urn:contrechamp:analytic:fire, not by urn:contrechamp:analytic:zone_intrusion",
    ],
  ],
  [
    "a certificate with more hits than references",
    edit(CERTIFICATE, "hits: 76", "hits: 81"),
    ["CERTIFICATE_CONTRADICTS a.yml:18:3 results.hits: 81 hits of 80 references"],
  ],
  [
    "a certificate with an interval upside down",
    edit(CERTIFICATE, "recallInterval: [ 0.877, 0.986 ]", "recallInterval: [ 0.986, 0.877 ]"),
    [
      "CERTIFICATE_CONTRADICTS a.yml:21:3 results.recallInterval: the interval begins at 0.986, above its end at 0.877",
    ],
  ],
  [
    "a certificate with a recall over 1",
    edit(CERTIFICATE, "recallInterval: [ 0.877, 0.986 ]", "recallInterval: [ 0.877, 1.986 ]"),
    [
      "CERTIFICATE_CONTRADICTS a.yml:21:3 results.recallInterval: a share is at most 1, and the interval ends at 1.986",
    ],
  ],
  [
    "a certificate whose false alarms do not fit their interval",
    edit(CERTIFICATE, "falseAlarms: 10", "falseAlarms: 1000"),
    [
      "CERTIFICATE_CONTRADICTS a.yml:22:3 results.precisionInterval: 76 hits of 1076 alerts lie outside the interval",
      "CERTIFICATE_CONTRADICTS a.yml:23:3 results.falseAlarmsPerHourInterval: 1000 false alarms in 240 h lie outside the interval",
    ],
  ],
  [
    "a certificate whose hits do not fit the interval of its recall",
    edit(CERTIFICATE, "hits: 76", "hits: 40"),
    [
      "CERTIFICATE_CONTRADICTS a.yml:21:3 results.recallInterval: 40 hits of 80 references lie outside the interval",
    ],
  ],
  [
    "a certificate that passes by its word alone",
    edit(CERTIFICATE, "recall: 0.8\n", "recall: 0.95\n"),
    ["CERTIFICATE_CONTRADICTS a.yml:24:1 passed: it is said to pass, and does not by recall"],
  ],
  [
    "a certificate with a score of persons",
    edit(CERTIFICATE, "issuer:", "personScore: 0.9\nissuer:"),
    ["CONFIG_UNKNOWN_KEY a.yml:28:1 personScore: unknown key personScore"],
  ],
  [
    "a notice withdrawn before it was published",
    edit(NOTICE, "withdrawnAt: null", 'withdrawnAt: "2024-07-11T00:00:00Z"'),
    [
      "NOTICE_CONTRADICTS a.yml:13:1 withdrawnAt: it was withdrawn at 2024-07-11T00:00:00Z, before it was published (2024-07-12T09:00:00+02:00)",
    ],
  ],
  [
    "a notice that names an event twice",
    edit(NOTICE, "  - crowd_density", "  - crowd_density\n  - crowd_density"),
    ["DOCUMENT_REPEATED a.yml:6:5 events[2]: the event crowd_density stands in the list twice"],
  ],
  [
    "a key under another's id",
    edit(TRUST, "keyId: 4868e4f26e32a000", "keyId: 4868e4f26e32a001"),
    [
      "TRUST_CONTRADICTS a.yml:3:5 keys[0].keyId: the id of this key is 4868e4f26e32a000, not 4868e4f26e32a001",
    ],
  ],
  [
    "a key twice",
    `${TRUST}${TRUST.slice(TRUST.indexOf("  - keyId"), TRUST.indexOf("  - keyId", TRUST.indexOf("  - keyId") + 1))}`,
    ["DOCUMENT_REPEATED a.yml:38:5 keys[5]: the key 4868e4f26e32a000 stands in the list twice"],
  ],
  [
    "a key that is never valid",
    edit(TRUST, "validUntil: null", 'validUntil: "2020-01-01T00:00:00Z"'),
    [
      "TRUST_CONTRADICTS a.yml:9:5 keys[0].validUntil: it ends at 2020-01-01T00:00:00Z, which is not after its beginning, 2020-01-01T00:00:00Z",
    ],
  ],
  [
    "a key for a role that there is not",
    edit(TRUST, "- issuing", "- everything"),
    [
      'CONFIG_VALUE a.yml:7:9 keys[0].roles[0]: found "everything", expected one of issuing, publishing, attesting, suspending, certifying',
    ],
  ],
];

test.each(CASES)("%s", (_, text, said) => {
  const { document, problems } = inspectDocument(text, "a.yml");
  expect(document).toBeNull();
  const found = problems.map(({ severity, code, message }) => {
    // The list of all keys that there are is long, and not what these rows are about.
    const short = message.replace(/; allowed here.*/, "");
    return `${severity === "error" ? "" : "warning "}${code} ${short}`;
  });
  expect(found).toEqual(said);
  for (const { help } of problems) expect(help).not.toBe("");
});

test.each([
  [
    "an authorisation that begins before it was decided",
    edit(AUTHORISATION, "2024-07-15T00:00:00+02:00", "2024-07-10T09:00:00+02:00").replace(
      "2024-08-12",
      "2024-08-10",
    ),
    "AUTHORISATION_RETROACTIVE a.yml:43:1 validFrom: it begins before it was decided (2024-07-10T10:00:00+02:00)",
  ],
  [
    "an event that nothing detects",
    edit(AUTHORISATION, "  - crowd_density\n", "  - crowd_density\n  - fire\n"),
    "AUTHORISATION_ANALYTIC a.yml:79:5 events[2]: no analytic is listed for fire: it will never be raised",
  ],
])("%s can be read, with a warning", (_, text, said) => {
  const { document, problems } = inspectDocument(text, "a.yml");
  expect(document).not.toBeNull();
  expect(problems.map(({ severity, code, message }) => [severity, `${code} ${message}`])).toEqual([
    ["warning", said],
  ]);
});

test("the offset that is right depends on the profile's time zone", () => {
  const text = edit(AUTHORISATION, "2024-07-15T00:00:00+02:00", "2024-07-15T00:00:00-04:00");
  const said = inspectDocument(text, "a.yml", { timeZone: "America/Guadeloupe" }).problems.map(
    ({ path }) => path,
  );
  expect(said).not.toContain("validFrom");
  expect(said).toContain("validUntil");
  const utc = text.replaceAll(/T(\d\d:\d\d:\d\d)[+-]\d\d:00"/g, 'T$1Z"');
  for (const timeZone of ["Europe/Paris", "America/Guadeloupe", "Asia/Kolkata"]) {
    expect(inspectDocument(utc, "a.yml", { timeZone }).problems.map(({ code }) => code)).not.toContain(
      "DOCUMENT_TIME_ZONE",
    );
  }
});

test("a perimeter with very many corners is refused before it is measured", () => {
  const corners = Array.from({ length: 2100 }, (_, index) => {
    const angle = (index / 2100) * 2 * Math.PI;
    return `[${2 + Math.cos(angle) / 100}, ${48 + Math.sin(angle) / 100}]`;
  });
  const { perimeter } = exampleAuthorisation();
  expect(perimeter).not.toBeNull();
  const text = AUTHORISATION.replace(
    /coordinates:\n[\s\S]*?validFrom/,
    `coordinates: [[${[...corners, corners[0]].join(", ")}]]\nvalidFrom`,
  );
  expect(inspectDocument(text, "a.yml").problems.map(({ message }) => message)).toEqual([
    "a.yml:37:3 perimeter.coordinates: the perimeter has 2101 corners, and at most 2000 are read",
  ]);
});

test("a hole lies inside the first ring", () => {
  const holed = (x: number) =>
    AUTHORISATION.replace(
      "validFrom",
      `    - [[${x}, 48.004], [${x + 0.002}, 48.004], [${x + 0.002}, 48.006], [${x}, 48.004]]\nvalidFrom`,
    );
  expect(inspectDocument(holed(2.004), "a.yml").problems).toEqual([]);
  expect(inspectDocument(holed(2.009), "a.yml").problems.map(({ message }) => message)).toEqual([
    "a.yml:43:7 perimeter.coordinates[1]: the ring is a hole, and does not lie inside the first ring",
  ]);
});

test.each([
  ["lists", (depth: number) => "[".repeat(depth) + "]".repeat(depth)],
  ["lists that do not end", (depth: number) => "[".repeat(depth)],
  ["mappings", (depth: number) => `${"{a: ".repeat(depth)}1${"}".repeat(depth)}`],
  ["blocks", (depth: number) => `${"- ".repeat(depth)}1`],
])("%s nested at any depth are an error and no crash", (_, nested) => {
  for (const depth of [50, 300, 700, 1500, 10_000]) {
    const { document, problems } = inspectDocument(nested(depth), "a.yml");
    expect(document).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
    for (const { code } of problems)
      expect(["DOCUMENT_SCHEMA", "CONFIG_SYNTAX", "DOCUMENT_NESTED"]).toContain(code);
  }
});

test("a document damaged anywhere is refused, or says the same, or its signatures tell", () => {
  const { trust } = testKeys();
  const whole = exampleAuthorisation();
  const states = JSON.stringify(verifyAuthorisation(whole, trust).signatures);
  const position = fc.nat(AUTHORISATION.length - 1);
  const damage = fc.oneof(
    fc.record({ position, length: fc.nat(3), put: fc.string({ maxLength: 3, unit: "grapheme" }) }),
    fc.record({ position, length: fc.constant(AUTHORISATION.length), put: fc.constant("") }),
    fc.record({
      position,
      length: fc.constant(1),
      put: fc.constantFrom("0", "1", "a", "é", "\n", ":", "#", "-", " "),
    }),
  );
  fc.assert(
    fc.property(damage, ({ position: from, length, put }) => {
      const text = AUTHORISATION.slice(0, from) + put + AUTHORISATION.slice(from + length);
      const { document } = inspectDocument(text, "a.yml");
      if (document === null || JSON.stringify(document) === JSON.stringify(whole)) return;
      if (document.schema !== whole.schema) throw new Error("it became another document");
      expect(JSON.stringify(verifyAuthorisation(document, trust).signatures)).not.toBe(states);
    }),
    { numRuns: 300 },
  );
});
