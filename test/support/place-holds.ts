// node place-holds.ts STATE NAME COUNT: places holds one after the other, and prints the id of each one that stands.
import { placeHold } from "../../src/policy/hold-store.ts";

const [state = "", name = "", count = "0"] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
  const hold = await placeHold(state, {
    scope: { kind: "camera", cameraId: `${name}-${index}` },
    cause: "stop_switch",
    by: name,
    reason: "a test of many at once",
    at: Date.now(),
  });
  process.stdout.write(`${hold.id}\n`);
}
