import type { InputSize } from "../../src/detectors/detector.ts";
import { Attention, type Look } from "../../src/engine/attention.ts";
import type { SceneState } from "../../src/frames/scene.ts";

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number;
}

/** A way to show a picture to the network. */
export interface Strategy {
  readonly name: string;
  /** Null where nothing is looked at. */
  readonly looks: (scene: SceneState) => readonly Look[] | null;
}

const GRID = 32;
/** Tiles overlap by this share of their side: about half a person's width in a view where tiles are worth it. */
const TILE_OVERLAP = 0.2;
/** What the engine asks for at the most; here every picture is looked at, and the tracker is given fewer. */
const EVERY_PICTURE = 1000;
const NEVER = { every: Number.POSITIVE_INFINITY, during: 0 } as const;

/** What is compared: the whole view small and large, tiles, the engine's crops, and crops with a larger whole view. */
export function strategies(picture: Picture, input: InputSize): readonly Strategy[] {
  const attention = (inputLongSide: number) =>
    new Attention({ picture, input, inputLongSide, detectionsPerSecond: EVERY_PICTURE, learning: NEVER });
  const [small, large, mixed] = [attention(512), attention(640), attention(512)];
  return [
    { name: "crops 512", looks: (scene) => small.plan(scene)?.looks ?? null },
    { name: "crops 640", looks: (scene) => large.plan(scene)?.looks ?? null },
    {
      name: "crops 512, whole 768 every 2 s",
      looks: (scene) => {
        const plan = mixed.plan(scene);
        return plan?.whole ? wholeView(picture, 768) : (plan?.looks ?? null);
      },
    },
    ...[512, 576, 640, 768].map((side) => ({
      name: `whole ${side}`,
      looks: () => wholeView(picture, side),
    })),
    { name: "tiles 2x2 of 768", looks: () => tiles(picture, 2, 768) },
  ];
}

function wholeView(picture: Picture, longSide: number): readonly Look[] {
  return tiles(picture, 1, longSide);
}

/** n by n tiles, as close as if the whole view had the long side. */
function tiles({ width, height, pixelAspect }: Picture, n: number, longSide: number): readonly Look[] {
  const scale = longSide / Math.max(width * pixelAspect, height);
  const across = width / (n - (n - 1) * TILE_OVERLAP);
  const down = height / (n - (n - 1) * TILE_OVERLAP);
  return Array.from({ length: n * n }, (_, index) => ({
    region: {
      x: (index % n) * across * (1 - TILE_OVERLAP),
      y: Math.floor(index / n) * down * (1 - TILE_OVERLAP),
      width: across,
      height: down,
    },
    width: toGrid(across * pixelAspect * scale),
    height: toGrid(down * scale),
  }));
}

function toGrid(length: number): number {
  return Math.max(GRID, Math.round(length / GRID) * GRID);
}
