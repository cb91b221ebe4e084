import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { DEFAULT_MODEL, loadManifest } from "../../src/models/manifest.ts";
import { writeDocument } from "../../src/policy/documents.ts";
import { analyticId } from "../../src/policy/question.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { recordingSha256 } from "../../src/sources/recording-hash.ts";
import {
  exampleAuthorisation,
  exampleCameraAuthorisation,
  exampleCertificate,
  exampleNotice,
  testKeys,
} from "../support/policy-fixtures.ts";
import { startWatch } from "../support/watch.ts";

/**
 * The French experiment replayed: a recording is judged by the law of its own time. Its last lawful second was
 * 2025-03-31T23:59:59 in Paris, summer time, which is 21:59:59 UTC.
 */
const END = Date.parse("2025-03-31T22:00:00Z");

describe("a recording of the French public space, replayed", () => {
  let folder: string;
  let view: { id: string; zones: { polygon: [number, number][] }[] };
  let recording: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-replay-"));
    const scene = writeScene(prepareScene("plaza-intrusion", 1, { rate: 8 }), folder);
    recording = scene.video;
    [view] = parse(await readFile(scene.config, "utf8")).cameras;
    await writeDocuments(join(folder, "documents"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function writeDocuments(documents: string): Promise<void> {
    const modelSha256 = (await loadManifest(DEFAULT_MODEL)).onnx.sha256;
    const event = "zone_intrusion" as const;
    const authorisation = exampleAuthorisation(
      {
        cameras: [view.id],
        events: [event],
        analytics: [
          {
            analyticId: analyticId(event),
            modelSha256,
            benchCertificateId: "urn:example:certificat:intrusion",
          },
        ],
        zones: view.zones.map(({ polygon }) => ({
          ...{ cameraId: view.id, event, polygon },
          nature: "forbidden" as const,
          justification: "An example",
        })),
        recordings: [{ name: "an example", sha256: await recordingSha256(recording) }],
        eventGathering: null,
        dailyWindows: [],
        decidedAt: "2025-03-10T10:00:00+01:00",
        validFrom: "2025-03-20T00:00:00+01:00",
        // As if the authority had not looked at the law: the law's own end comes first.
        validUntil: "2025-04-15T00:00:00+02:00",
      },
      Date.parse("2025-03-31T10:00:00Z"),
    );
    mkdirSync(documents);
    const write = (name: string, document: Parameters<typeof writeDocument>[1]) =>
      writeDocument(join(documents, name), document);
    await write("authorisation.yml", authorisation);
    await write("camera.yml", exampleCameraAuthorisation({ cameras: [view.id] }));
    await write("certificate.yml", exampleCertificate({ modelSha256 }));
    await write(
      "notice.yml",
      exampleNotice({
        authorisationId: authorisation.id,
        events: [event],
        cameras: [view.id],
        publishedAt: "2025-03-11T10:00:00+01:00",
      }),
    );
    await write("trust.yml", testKeys().trust);
  }

  async function replay(startedAt: number) {
    const name = String(startedAt);
    const config = join(folder, `${name}.yml`);
    const camera = {
      ...view,
      source: recording,
      startedAt: new Date(startedAt).toISOString(),
      location: [2.005, 48.005],
      fieldOfView: [
        [2.005, 48.005],
        [2.006, 48.006],
        [2.006, 48.004],
      ],
    };
    await writeFile(
      config,
      stringify({
        schema: "contrechamp/config@1",
        cameras: [camera],
        authority: { profile: "fr-loi-2023-380", documents: "documents", state: `state-${name}` },
      }),
    );
    return startWatch(["--config", config], join(folder, `out-${name}`)).done;
  }

  it("raises its alerts while the law was in force", async () => {
    const { exitCode, alerts, errors } = await replay(END - 3_600_000);
    expect(exitCode, errors).toBe(0);
    expect(alerts.filter(({ kind }) => kind === "raised")).toHaveLength(1);
    expect(alerts[0]?.authorisationId).toBe("urn:example:autorisation:2024-0001");
  });

  it("stops at the law's last second, within the recording", async () => {
    // Somebody enters after 9 s, is told of a second later, and stays for 8 s more.
    const { exitCode, alerts, errors, run } = await replay(END - 13_000);
    expect(exitCode, errors).toBe(0);
    const [raised, closed] = alerts;
    expect(raised?.kind).toBe("raised");
    expect(Date.parse(raised?.at ?? "")).toBeLessThan(END);
    expect(closed).toMatchObject({ kind: "closed", reason: "suspended" });
    expect(Date.parse(closed?.at ?? "")).toBeGreaterThanOrEqual(END);
    expect(Date.parse(closed?.at ?? "")).toBeLessThan(END + 1000);
    expect(errors).toContain("expired");
    expect(run?.authority.standing).not.toHaveLength(0);
  });

  it("raises nothing a second after it, and says by which law", async () => {
    const { exitCode, alerts, errors } = await replay(END);
    expect(exitCode).toBe(77);
    expect(alerts).toEqual([]);
    expect(errors).toMatch(/\(expired\)/);
    expect(errors).toContain("2023-380");
  });
});
