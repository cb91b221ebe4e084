import { fault } from "../errors.ts";
import * as belongings from "./prepared/belongings.ts";
import * as crowds from "./prepared/crowds.ts";
import * as falls from "./prepared/falls.ts";
import * as fire from "./prepared/fire.ts";
import * as markers from "./prepared/markers.ts";
import type { SceneOptions } from "./prepared/places.ts";
import * as plaza from "./prepared/plaza.ts";
import { hallRounds } from "./prepared/rounds-crowd.ts";
import { fallRounds, squareRounds } from "./prepared/rounds-falls.ts";
import { hallFireRounds, plazaFireRounds, roadFireRounds } from "./prepared/rounds-fire.ts";
import { movementRounds } from "./prepared/rounds-movement.ts";
import { eveningRounds, thingRounds, waitingRounds } from "./prepared/rounds-things.ts";
import { gateRounds, platformRounds, plazaRounds, roadRounds } from "./prepared/rounds-zones.ts";
import * as transport from "./prepared/transport.ts";
import type { SceneScript } from "./script.ts";

export type { SceneOptions } from "./prepared/places.ts";

/** Makes a script: the same seed and options give the same scene. */
export type PrepareScene = (seed: number, options?: SceneOptions) => SceneScript;

interface CatalogueEntry {
  readonly prepare: PrepareScene;
  /** What happens, in one line. */
  readonly about: string;
}

/** The prepared scenes, by name. */
export const SCENES = {
  "plaza-idle": { prepare: plaza.plazaIdle, about: "an empty square, only the sensor's noise" },
  "plaza-intrusion": { prepare: plaza.plazaIntrusion, about: "one of some passers enters a forbidden area" },
  "plaza-passers": {
    prepare: plaza.plazaPassers,
    about: "people pass around a forbidden area, nobody enters",
  },
  "plaza-busy": { prepare: plaza.plazaBusy, about: "many people, two enter a forbidden area" },
  "plaza-sitting": {
    prepare: plaza.plazaSitting,
    about: "two people stay from first picture to last, nobody enters",
  },
  "plaza-light-change": {
    prepare: plaza.plazaLightChange,
    about: "the sun goes at once and comes back; an intrusion",
  },
  "plaza-blackout": {
    prepare: plaza.plazaBlackout,
    about: "at night the lamps go out for a while; nobody enters",
  },
  "plaza-nightfall": {
    prepare: plaza.plazaNightfall,
    about: "day turns to night; an intrusion by lamp light",
  },
  "plaza-shake": { prepare: plaza.plazaShake, about: "wind shakes the camera; an intrusion" },
  "plaza-moved": { prepare: plaza.plazaMoved, about: "the camera is turned half way through; nobody enters" },
  "plaza-night": { prepare: plaza.plazaNight, about: "an intrusion at night" },
  "plaza-rain": { prepare: plaza.plazaRain, about: "an intrusion in heavy rain" },
  "plaza-bag": { prepare: plaza.plazaBag, about: "a bag is put down by a forbidden area, nobody enters" },
  "platform-edge": { prepare: transport.platformEdge, about: "somebody walks along a platform's edge" },
  "platform-waiting": { prepare: transport.platformWaiting, about: "people wait behind the line" },
  "corridor-wrong-way": {
    prepare: transport.corridorWrongWay,
    about: "people go against a one-way corridor",
  },
  "corridor-right-way": { prepare: transport.corridorRightWay, about: "a one-way corridor used as declared" },
  "hall-fall": { prepare: falls.hallFall, about: "somebody falls in a hall and lies there" },
  "hall-crouching": {
    prepare: falls.hallCrouching,
    about: "people crouch and sit down in a hall, nobody falls",
  },
  "hall-lying": { prepare: falls.hallLying, about: "somebody lies on the floor from first picture to last" },
  "hall-playing": { prepare: falls.hallPlaying, about: "children run about and crouch down, nobody falls" },
  "room-fall": { prepare: falls.roomFall, about: "somebody alone in a room falls, in any direction" },
  "room-fall-sitting": {
    prepare: falls.roomFallSitting,
    about: "somebody sits on a seat for a while and falls off it",
  },
  "room-sitting": { prepare: falls.roomSitting, about: "somebody bends down and sits down, nobody falls" },
  "room-floor": {
    prepare: falls.roomFloor,
    about: "somebody sits down on the floor and gets up, nobody falls",
  },
  "room-sleeper": {
    prepare: falls.roomSleeper,
    about: "somebody lies on a bed from the first picture on, another sits down",
  },
  "hall-crowd": { prepare: transport.hallCrowd, about: "a hall fills beyond its limit and empties" },
  "hall-quiet": { prepare: transport.hallQuiet, about: "a hall well below its limit" },
  "road-wrong-way": { prepare: transport.roadWrongWay, about: "a car drives against its lane" },
  "road-traffic": { prepare: transport.roadTraffic, about: "traffic as declared" },
  "parked-car": { prepare: transport.parkedCar, about: "two cars stand from first picture to last" },
  "plaza-fire": { prepare: fire.plazaFire, about: "a bin begins to burn while people pass" },
  "hall-fire": { prepare: fire.hallFire, about: "a fire begins in an empty hall and grows" },
  "road-fire": { prepare: fire.roadFire, about: "a wreck burns beside the road from the first picture on" },
  "plaza-glow": { prepare: fire.plazaGlow, about: "orange leaves, a flag, steam in evening light; no fire" },
  "road-lamps": { prepare: fire.roadLamps, about: "beacons, hazard lamps, lamps of traffic; no fire" },
  "hall-screen": { prepare: fire.hallScreen, about: "a large screen shows a film; no fire" },
  "marker-shown": {
    prepare: markers.markerShown,
    about: "boards that stand for weapons: held up, carried, lying beside somebody",
  },
  "marker-lookalikes": {
    prepare: markers.markerLookalikes,
    about: "what a network takes for one at first sight: its colour elsewhere, flashes, far from anybody",
  },
  "marker-bus": { prepare: markers.markerBus, about: "a bus in their colour stops where people walk" },
  "marker-none": { prepare: markers.markerNone, about: "many people, and no such board" },
  "plaza-smoke": {
    prepare: fire.plazaSmoke,
    about: "grey and black smoke rise and grow; no flame to be seen",
  },
  "plaza-evening": {
    prepare: fire.plazaEvening,
    about: "low sun behind leaves, swinging lanterns, steam; no fire",
  },
  "bag-left": { prepare: belongings.bagLeft, about: "somebody puts a thing down and goes away without it" },
  "bag-left-busy": { prepare: belongings.bagLeftBusy, about: "the same, and people pass close by" },
  "bag-kept": { prepare: belongings.bagKept, about: "somebody puts a thing down and stays with it" },
  "bag-taken": {
    prepare: belongings.bagTaken,
    about: "somebody puts a thing down, and takes it along again",
  },
  "bag-gone": { prepare: belongings.bagGone, about: "a thing that was always there is taken away" },
  standing: { prepare: belongings.standing, about: "somebody stands still, somebody crouches, people pass" },
  "concourse-left": {
    prepare: belongings.concourseLeft,
    about: "people wait in a hall with their luggage, one leaves a thing behind",
  },
  "concourse-waiting": {
    prepare: belongings.concourseWaiting,
    about: "people wait in a hall with their luggage, nobody leaves any",
  },
  "concourse-sleeper": {
    prepare: belongings.concourseSleeper,
    about: "somebody lies down in a hall beside a bag and stays",
  },
  "furniture-moved": {
    prepare: belongings.furnitureMoved,
    about: "a thing that always stood there is carried to another place",
  },
  "car-parks": { prepare: belongings.carParks, about: "a car parks, and somebody goes away from it" },
  "plaza-rounds": { prepare: plazaRounds, about: "two areas, entered in turn; others pass close by" },
  "platform-rounds": {
    prepare: platformRounds,
    about: "an edge is stepped over again and again; others stay behind the line",
  },
  "gate-rounds": { prepare: gateRounds, about: "a way in and a way out, two of five go the wrong way" },
  "road-rounds": { prepare: roadRounds, about: "two lanes, every other car against its direction" },
  "hall-rounds": {
    prepare: hallRounds,
    about: "a dozen people fill one half of a hall, then the other, then neither",
  },
  "fall-rounds": {
    prepare: fallRounds,
    about: "one after another falls; others crouch, sit, play, lie down",
  },
  "square-rounds": {
    prepare: squareRounds,
    about: "two fall among people who sit, tie their shoes, sleep rough, lie on a bench",
  },
  "thing-rounds": { prepare: thingRounds, about: "three things are left, one is kept; a car parks" },
  "waiting-rounds": {
    prepare: waitingRounds,
    about: "two things are left, one is taken along; furniture is moved, somebody sits on the floor",
  },
  "evening-rounds": {
    prepare: eveningRounds,
    about: "puddles, lamps, somebody sleeps rough with belongings; two things are left",
  },
  "movement-rounds": {
    prepare: movementRounds,
    about: "a crowd runs again and again, all at once; in between some run through it alone",
  },
  "plaza-fire-rounds": {
    prepare: plazaFireRounds,
    about: "flames here and there among cones, vests, leaves, a flag, steam and the low sun",
  },
  "road-fire-rounds": {
    prepare: roadFireRounds,
    about: "flames here and there among beacons, lamps of traffic and wet ground",
  },
  "hall-fire-rounds": {
    prepare: hallFireRounds,
    about: "flames here and there among neon signs, a screen and a wet floor",
  },
  "lamps-on": { prepare: belongings.lampsOn, about: "people pass, and the lamps are switched on" },
  "square-surge": { prepare: crowds.squareSurge, about: "a crowd on a square runs to one side, all at once" },
  "square-dispersal": {
    prepare: crowds.squareDispersal,
    about: "a crowd runs away from a place in its middle",
  },
  "hall-counter-wave": { prepare: crowds.hallCounterWave, about: "a dense stream turns back on itself" },
  "square-dissolves": { prepare: crowds.squareDissolves, about: "a crowd goes home, everybody at his pace" },
  "hall-two-way": { prepare: crowds.hallTwoWay, about: "two dense streams pass one another all the time" },
  "hall-train": {
    prepare: crowds.hallTrain,
    about: "an empty hall, then the passengers of a train walk through",
  },
  "square-runners": { prepare: crowds.squareRunners, about: "a crowd walks about, some run through it" },
  "square-standing": { prepare: crowds.squareStanding, about: "a crowd stands" },
  "street-buses": { prepare: crowds.streetBuses, about: "many wait beside a street, buses pass" },
  "square-rain-night": { prepare: crowds.squareRainNight, about: "a crowd walks about in the rain at night" },
  "square-shake": { prepare: crowds.squareShake, about: "a crowd walks about, wind shakes the camera" },
  "square-light-switch": {
    prepare: crowds.squareLightSwitch,
    about: "a crowd walks about, the sun goes and comes back at once",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type SceneName = keyof typeof SCENES;

export const SCENE_NAMES = Object.keys(SCENES).filter(isSceneName);

export function isSceneName(name: string): name is SceneName {
  return Object.hasOwn(SCENES, name);
}

/**
 * The script of a prepared scene.
 * @throws CodedError SCENE_UNKNOWN
 */
export function prepareScene(name: string, seed: number, options: SceneOptions = {}): SceneScript {
  if (!isSceneName(name)) throw fault("SCENE_UNKNOWN", { name, names: SCENE_NAMES.join(", ") });
  return SCENES[name].prepare(seed, options);
}
