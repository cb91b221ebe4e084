import { ownModel } from "../config/own-model.ts";
import type { CameraConfig } from "../config/schema.ts";
import type { Frame } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Rule } from "../rules/rule.ts";
import type { SlotLook } from "../rules/slot-detections.ts";
import { SlotAttention, type SlotAttentionOptions } from "./slot-attention.ts";
import type { SlotNetworks } from "./slot-networks.ts";
import { ViewBuffers } from "./view-buffers.ts";

export interface SlotWatchOptions {
  readonly camera: CameraConfig;
  readonly rules: readonly Rule[];
  readonly networks: SlotNetworks;
  readonly picture: SlotAttentionOptions["picture"];
  /** Long side of the network's input for the whole view, px. */
  readonly inputLongSide: number;
}

interface Watched {
  readonly rule: Rule;
  readonly manifest: string;
  readonly attention: SlotAttention;
}

/** Has the networks that an operator brought look, each for the rule that names it and only while that may run. */
export class SlotWatch {
  readonly #networks: SlotNetworks;
  readonly #watched: readonly Watched[];
  readonly #views = new ViewBuffers();
  #permitted: readonly Watched[] = [];

  constructor({ camera, rules, networks, picture, inputLongSide }: SlotWatchOptions) {
    this.#networks = networks;
    this.#watched = camera.rules.flatMap((config) => {
      const own = ownModel(config);
      const rule = rules.find(({ id }) => id === config.id);
      if (own === null || rule?.slot === undefined) return [];
      const input = networks.input(own.manifest);
      const attention = new SlotAttention(rule.slot, { picture, input, inputLongSide });
      return [{ rule, manifest: own.manifest, attention }];
    });
  }

  /** Says which rules may run: what no other needs is let go. */
  async permit(rules: readonly Rule[]): Promise<void> {
    this.#permitted = this.#watched.filter(({ rule }) => rules.includes(rule));
    await this.#networks.keep(new Set(this.#permitted.map(({ manifest }) => manifest)));
  }

  /**
   * What each network sees now, by the id of its rule; nothing where none has reason to look.
   * @param persons boxes of those who are in view, image coordinates
   * @throws CodedError of a network that failed: the others have not looked either
   */
  async look(
    frame: Frame,
    scene: SceneState,
    persons: readonly Box[],
  ): Promise<ReadonlyMap<string, readonly SlotLook[]>> {
    const seen = new Map<string, readonly SlotLook[]>();
    for (const { rule, manifest, attention } of this.#permitted) {
      const plan = attention.plan(scene, persons);
      if (plan.length === 0) continue;
      const answers = await this.#networks.detect(manifest, this.#views.render(frame, plan));
      seen.set(
        rule.id,
        plan.map(({ region, closer }, index) => ({ region, closer, detections: answers[index] ?? [] })),
      );
    }
    return seen;
  }

  reset(): void {
    for (const { attention } of this.#watched) attention.reset();
  }
}
