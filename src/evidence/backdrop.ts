import { asCoded, type CodedError } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import type { Seconds, UtcMilliseconds } from "../time/clock.ts";
import { type ApprovedBackground, writeCandidate } from "./approved-background.ts";
import type { DisplayBackground } from "./display-background.ts";
import type { BackgroundState } from "./manifest.ts";

/** What stands behind the shapes, and what to say of it. */
export interface Backdrop {
  /** Null for flat grey. */
  readonly image: RgbImage | null;
  readonly state: BackgroundState;
}

export const NO_BACKDROP: Backdrop = {
  image: null,
  state: { kind: "none", greyShare: 1, sha256: null, approvedBy: null },
};

export interface BackdropOptions {
  readonly cameraId: string;
  /** A live view shows only an approved background; a recording shows the one learnt from it. */
  readonly live: boolean;
  /** Live: the still that a person approved, or null for shapes on grey. */
  readonly approved: ApprovedBackground | null;
  /** Live: where the still to be approved is written; null writes none. */
  readonly candidate: string | null;
  /** Told when that still could not be written. */
  readonly onFault: (error: CodedError) => void;
}

/** Chooses what stands behind the shapes of one camera, and offers a live camera's own still for approval. */
export interface BackdropChooser {
  /** What may stand behind the shapes now. */
  choose(background: DisplayBackground): Backdrop;
  /** Live: looks from time to time whether the approved still fits the view, and whether there is a better one to offer. */
  follow(now: Moment, background: DisplayBackground): void;
  /** The view is another one: what fitted it may not fit this one. */
  forget(): void;
  /** Offers the last still where it is better; resolves when all is written. Never rejects. */
  finish(last: Moment, background: DisplayBackground | null): Promise<void>;
}

/** A frame's presentation time and the instant it was taken. */
interface Moment {
  readonly at: Seconds;
  readonly wallClock: UtcMilliseconds;
}

/** Correlation of structure above which an approved still fits the live view. */
const FITS = 0.5;
const FIT_CHECK_EVERY: Seconds = 10;
/** A live candidate is written when so much is known, and again when so much more is. */
const CANDIDATE_COVERAGE = 0.5;
const CANDIDATE_GAIN = 0.05;
const CANDIDATE_CHECK_EVERY: Seconds = 60;

export function createBackdropChooser(options: BackdropOptions): BackdropChooser {
  const { cameraId, live, approved, candidate, onFault } = options;
  let fits = false;
  let fitCheckedAt = Number.NEGATIVE_INFINITY;
  let candidateCheckedAt = Number.NEGATIVE_INFINITY;
  let candidateCoverage = 0;
  let candidateWrite: Promise<void> = Promise.resolve();

  function checkFit(at: Seconds, background: DisplayBackground): void {
    if (!live || approved === null || at - fitCheckedAt < FIT_CHECK_EVERY) return;
    const match = background.resembles(approved.image);
    if (match === null) return;
    fitCheckedAt = at;
    fits = match >= FITS;
  }

  function offer({ at, wallClock }: Moment, background: DisplayBackground): void {
    if (!live || candidate === null) return;
    candidateCheckedAt = at;
    const picture = background.picture();
    const coverage = 1 - picture.greyShare;
    const { learntFrom, learntTo } = background;
    if (coverage < Math.max(CANDIDATE_COVERAGE, candidateCoverage + CANDIDATE_GAIN)) return;
    if (learntFrom === null || learntTo === null) return;
    candidateCoverage = coverage;
    const about = {
      cameraId,
      learntFrom: Math.round(wallClock - 1000 * (at - learntFrom)),
      learntTo: Math.round(wallClock - 1000 * (at - learntTo)),
    };
    candidateWrite = candidateWrite
      .then(() => writeCandidate(candidate, picture, about))
      .then(
        () => undefined,
        (error: unknown) => onFault(asCoded(error)),
      );
  }

  return {
    choose(background) {
      if (live) {
        if (approved === null || !fits) return NO_BACKDROP;
        const { sha256, coverage } = approved.record;
        const state = { greyShare: rounded(1 - coverage), sha256, approvedBy: approved.approval.by };
        return { image: approved.image, state: { kind: "approved", ...state } };
      }
      const picture = background.picture();
      if (picture.greyShare === 1) return NO_BACKDROP;
      const state = { greyShare: rounded(picture.greyShare), sha256: null, approvedBy: null };
      return { image: picture, state: { kind: "learnt", ...state } };
    },

    follow(now, background) {
      checkFit(now.at, background);
      if (now.at - candidateCheckedAt >= CANDIDATE_CHECK_EVERY) offer(now, background);
    },

    forget() {
      fits = false;
      fitCheckedAt = Number.NEGATIVE_INFINITY;
    },

    finish(last, background) {
      if (background !== null) offer(last, background);
      return candidateWrite;
    },
  };
}

function rounded(share: number): number {
  return Math.round(1000 * share) / 1000;
}
