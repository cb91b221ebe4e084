import { Command } from "commander";
import { fault } from "../errors.ts";
import { prepareScene, SCENE_NAMES, SCENES, type SceneOptions } from "../scenes/catalogue.ts";
import {
  CONTAINERS,
  type ContainerExtension,
  type WrittenScene,
  writeScene,
  writeSuite,
} from "../scenes/write.ts";
import { commandLine } from "./authorise/change.ts";
import { print, printJson } from "./print.ts";

interface RenderOptions {
  readonly out: string;
  readonly seed: string;
  readonly seconds?: string;
  readonly size?: string;
  readonly rate?: string;
  readonly light?: string;
  readonly container: string;
  readonly painted?: boolean;
  readonly json?: boolean;
}

const LIGHTS = ["day", "overcast", "dusk", "night", "indoor"] as const;

/** `contrechamp scene list | render`: drawn scenes with exact ground truth. Coded errors reject the parse. */
export function sceneCommand(): Command {
  const command = new Command("scene").description(
    "Draw test scenes with exact ground truth; nobody real is in them",
  );
  command.command("list").description("the prepared scenes").option("--json", "print JSON").action(list);
  command
    .command("render")
    .description(
      "draw scenes as videos, each with its reference, tracks and configuration, and a suite of them all",
    )
    .argument("<name...>", `names of scenes, or "all"`)
    .requiredOption("--out <folder>", "where to write")
    .option("--seed <number>", "another seed gives other people, times and places", "1")
    .option("--seconds <seconds>", "length; each scene has its own")
    .option("--size <WxH>", "picture size in px, such as 640x360 or 360x640")
    .option("--rate <number>", "pictures a second, 1 to 60")
    .option("--light <name>", LIGHTS.join(", "))
    .option("--container <extension>", Object.keys(CONTAINERS).join(", "), ".mp4")
    .option("--painted", "paint a known pattern on some people and vehicles, to search evidence for it")
    .option("--json", "print JSON")
    .action(render);
  return command;
}

function list(options: { readonly json?: boolean }): void {
  if (options.json === true) {
    const scenes = SCENE_NAMES.map((name) => ({ name, about: SCENES[name].about }));
    printJson(scenes);
    return;
  }
  const column = Math.max(...SCENE_NAMES.map((name) => name.length)) + 2;
  for (const name of SCENE_NAMES) print(`${name.padEnd(column)}${SCENES[name].about}`);
}

function render(names: readonly string[], options: RenderOptions): void {
  const container = containerOf(options.container);
  const chosen = chosenOptions(options);
  const seed = wholeNumber("--seed", options.seed, 0, 2 ** 31 - 1);
  const scripts = (names.includes("all") ? SCENE_NAMES : names).map((name) =>
    prepareScene(name, seed, chosen),
  );
  const written: WrittenScene[] = [];
  for (const script of scripts) {
    const show = options.json === true ? null : progressLine(script.name);
    const scene = writeScene(script, options.out, { container, ...(show ? { onProgress: show } : {}) });
    written.push(scene);
    if (options.json === true) continue;
    print(`${scene.video}  ${scene.pictures} pictures, ${scene.events.length} events`);
  }
  const suite = writeSuite(
    "rendered",
    written.map((scene) => scene.clip),
    options.out,
  );
  if (options.json === true) {
    const scenes = written.map(({ clip: _clip, ...scene }) => scene);
    printJson({ suite, scenes });
    return;
  }
  print(suite);
  const first = written[0];
  if (first === undefined) return;
  const authority = ["--config", first.config, "--profile", "demonstration", "--documents", "authorisations"];
  // Nobody is in it, and it needs an authorisation as everything does: this one is its reader's to sign.
  print(`Watch it:
  ${commandLine("authorise", "new", ...authority, "--by", "YOUR NAME", "--purpose", "A trial.")}
  ${commandLine("watch", ...authority)}`);
}

function chosenOptions(options: RenderOptions): SceneOptions {
  const size = options.size === undefined ? null : /^(\d+)x(\d+)$/.exec(options.size);
  if (options.size !== undefined && !size) {
    throw fault("SCENE_OPTION", {
      option: "--size",
      value: options.size,
      allowed: "WIDTHxHEIGHT, such as 640x360",
    });
  }
  const light = LIGHTS.find((name) => name === options.light);
  if (options.light !== undefined && light === undefined) {
    throw fault("SCENE_OPTION", { option: "--light", value: options.light, allowed: LIGHTS.join(", ") });
  }
  return {
    ...(options.seconds === undefined ? {} : { seconds: decimal("--seconds", options.seconds, 1, 3600) }),
    ...(options.rate === undefined ? {} : { rate: decimal("--rate", options.rate, 1, 60) }),
    ...(size
      ? {
          width: wholeNumber("--size", size[1] ?? "", 64, 3840),
          height: wholeNumber("--size", size[2] ?? "", 64, 3840),
        }
      : {}),
    ...(light === undefined ? {} : { light }),
    ...(options.painted === true ? { painted: true } : {}),
  };
}

function containerOf(value: string): ContainerExtension {
  const extension = (value.startsWith(".") ? value : `.${value}`).toLowerCase();
  const known = Object.keys(CONTAINERS).find((name): name is ContainerExtension => name === extension);
  if (known) return known;
  throw fault("SCENE_OPTION", { option: "--container", value, allowed: Object.keys(CONTAINERS).join(", ") });
}

function decimal(option: string, value: string, low: number, high: number): number {
  const number = Number(value);
  if (value.trim() !== "" && number >= low && number <= high) return number;
  throw fault("SCENE_OPTION", { option, value, allowed: `a number from ${low} to ${high}` });
}

function wholeNumber(option: string, value: string, low: number, high: number): number {
  const number = decimal(option, value, low, high);
  if (Number.isInteger(number)) return number;
  throw fault("SCENE_OPTION", { option, value, allowed: `a whole number from ${low} to ${high}` });
}

/** One line that is written over, on a terminal only. */
function progressLine(name: string): ((done: number, all: number) => void) | null {
  if (!process.stderr.isTTY) return null;
  return (done, all) => {
    const end = done === all ? "\r\u001b[K" : "";
    process.stderr.write(`\r${name}  ${done} of ${all}${end}`);
  };
}
