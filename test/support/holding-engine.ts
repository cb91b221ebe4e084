// node holding-engine.ts STATE obeys|deaf|slow CAMERA...: obeys holds as an engine does, without decoding anything.
// Says "ready", then "held ID..." each time that the cameras that are held are others.
import { holds as holdsCamera } from "../../src/policy/hold.ts";
import { acknowledgeHolds, watchHolds } from "../../src/policy/hold-store.ts";
import { systemClock } from "../../src/time/clock.ts";

const [state = "", manner = "obeys", ...cameras] = process.argv.slice(2);
let decoding: readonly string[] = cameras;
let first = true;
await watchHolds(state, {
  clock: systemClock,
  signal: AbortSignal.timeout(120_000),
  onChange: (holds) => {
    if (!first && manner === "deaf") return;
    const isHeld = (id: string) => holds.some((hold) => holdsCamera(hold, id));
    if (manner === "obeys" || first) decoding = cameras.filter((id) => !isHeld(id));
    void acknowledgeHolds(state, { holds, decoding: () => decoding, cameras, clock: systemClock }).then(
      () => {
        if (first) process.stdout.write("ready\n");
        first = false;
      },
    );
    process.stdout.write(`held ${cameras.filter(isHeld).join(" ")}\n`);
  },
});
