import type { AnalyticAuthorisation, Authorisation } from "../../policy/authorisation.ts";
import type { LoadedDocuments } from "../../policy/documents.ts";
import { mayAlert } from "../../policy/gate.ts";
import type { Hashed, Regime } from "../../policy/profile.ts";
import { analyticId, type FootageKind, type GateQuestion } from "../../policy/question.ts";
import type { Reason, ReasonCode } from "../../policy/reasons.ts";
import type { VerifiedAuthorisation } from "../../policy/world.ts";
import type { UtcMilliseconds } from "../../time/clock.ts";

/** What the configuration decides and no document: `contrechamp check --config FILE` answers it. */
const OF_THE_SITE: readonly ReasonCode[] = ["location_unknown", "stopped", "clock_set_back"];
/** An authorisation may list ten thousand cameras; what holds of these holds of it. */
const CAMERAS_ASKED = 50;

/**
 * What keeps an authorisation from being valid at an instant, in the gate's own words: the gate is asked about each of
 * its events on each of its cameras, as if the site were in order. Empty where everything is there.
 * @param documents of its folder: the authorisation to film, certificates, notices and keys stand beside it
 */
export function lacksAt(
  authorisation: VerifiedAuthorisation,
  documents: LoadedDocuments,
  profile: Hashed<Regime>,
  at: UtcMilliseconds,
): readonly Reason[] {
  const { document } = authorisation;
  const others = documents.authorisations.filter(
    (one) => one.document.kind === "camera_authorisation" && document.kind === "analytic_authorisation",
  );
  const world = {
    profile,
    overlays: [],
    authorisations: [authorisation, ...others],
    certificates: documents.certificates,
    notices: documents.notices,
    cameras: [],
    holds: [],
    faults: [],
    newest: null,
  };
  const found = questions(document, profile.profile, at).flatMap((question) => {
    const { allow, reasons } = mayAlert(question, world);
    return allow ? [] : reasons;
  });
  const relevant = found.filter(({ code, ruleId }) =>
    document.kind === "camera_authorisation" ? ruleId === document.id : !OF_THE_SITE.includes(code),
  );
  const distinct = new Map(relevant.map((reason) => [`${reason.code} ${reason.source}`, reason]));
  return [...distinct.values()];
}

function questions(a: Authorisation, profile: Regime, at: UtcMilliseconds): readonly GateQuestion[] {
  const cameras = a.cameras.slice(0, CAMERAS_ASKED);
  if (a.kind === "camera_authorisation") {
    const base = { at, use: "alert", ruleId: "check", event: "fire", place: VIEW } as const;
    const asked = { modelSha256: "", footage: "live", recordingSha256: null } as const;
    return cameras.map((cameraId) => ({ ...base, ...asked, cameraId, analyticId: analyticId("fire") }));
  }
  const { footage, recordingSha256 } = footageOf(a, profile);
  return cameras.flatMap((cameraId) =>
    a.events.map((event) => {
      const zone = a.zones.find((one) => one.cameraId === cameraId && one.event === event);
      const place: GateQuestion["place"] =
        zone === undefined ? VIEW : { kind: "zone", points: zone.polygon.map(([x, y]) => ({ x, y })) };
      const id = analyticId(event);
      const modelSha256 = a.analytics.find((one) => one.analyticId === id)?.modelSha256 ?? "";
      const asked = { at, use: a.use, cameraId, ruleId: "check", event, analyticId: id, modelSha256 };
      return { ...asked, footage, recordingSha256, place };
    }),
  );
}

const VIEW: GateQuestion["place"] = { kind: "view", points: [] };

/** Of what it is given for: the recordings that it lists, or a stream. */
function footageOf(
  a: AnalyticAuthorisation,
  { footage }: Regime,
): { readonly footage: FootageKind; readonly recordingSha256: string | null } {
  const [recording] = a.recordings;
  const recorded = footage.find((kind) => kind !== "live");
  if (recording !== undefined && recorded !== undefined) {
    return { footage: recorded, recordingSha256: recording.sha256 };
  }
  return { footage: footage.includes("live") ? "live" : (recorded ?? "live"), recordingSha256: null };
}
