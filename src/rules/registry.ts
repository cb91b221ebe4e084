import type {
  LineConfig,
  RuleConfig,
  WrongWayConfig,
  ZoneConfig,
  ZoneIntrusionConfig,
} from "../config/schema.ts";
import { fault } from "../errors.ts";
import { sideTowards } from "../geometry/line.ts";
import { AbandonedObject } from "./abandoned-object.ts";
import { CrowdDensity } from "./crowd-density.ts";
import { CrowdMovement } from "./crowd-movement.ts";
import { Fire } from "./fire.ts";
import { LineRule } from "./line-rule.ts";
import { PersonDown } from "./person-down.ts";
import type { Rule } from "./rule.ts";
import type { ViewGeometry } from "./view-geometry.ts";
import { Weapon } from "./weapon.ts";
import { WrongWayZone } from "./wrong-way.ts";
import { ZoneIntrusion } from "./zone-intrusion.ts";

/**
 * Makes the rule that a configuration describes.
 * @throws RULE_PLACE where the rule names no place, one that is not there, or one that it cannot watch
 */
export function createRule(config: RuleConfig, view: ViewGeometry): Rule {
  switch (config.event) {
    case "zone_intrusion":
      return config.line === undefined
        ? new ZoneIntrusion(config, zoneOf(config, view), view)
        : new LineRule(config, lineOf(config, config.line, view), null, view);
    case "wrong_way":
      return config.line === undefined ? wrongWayZone(config, view) : wrongWayLine(config, config.line, view);
    case "crowd_density":
      return new CrowdDensity(config, config.zone === undefined ? null : zoneOf(config, view), view);
    case "crowd_movement":
      return new CrowdMovement(config, config.zone === undefined ? null : zoneOf(config, view), view);
    case "fire":
      return new Fire(config, config.zone === undefined ? null : zoneOf(config, view), view);
    case "person_down":
      return new PersonDown(config, config.zone === undefined ? null : zoneOf(config, view), view);
    case "abandoned_object":
      return new AbandonedObject(config, config.zone === undefined ? null : zoneOf(config, view), view);
    case "weapon":
      return new Weapon(config, config.zone === undefined ? null : zoneOf(config, view), view);
  }
}

function wrongWayZone(config: WrongWayConfig, view: ViewGeometry): Rule {
  const zone = zoneOf(config, view);
  if (zone.direction === undefined) {
    throw fault("RULE_PLACE", { rule: config.id, what: `zone ${zone.id} has no direction` });
  }
  return new WrongWayZone(config, zone, zone.direction, view);
}

function wrongWayLine(config: WrongWayConfig, id: string, view: ViewGeometry): Rule {
  const line = lineOf(config, id, view);
  if (config.forbidden === undefined) {
    throw fault("RULE_PLACE", {
      rule: config.id,
      what: `it does not say which sense across line ${id} is forbidden`,
    });
  }
  const towards = sideTowards(line, config.forbidden);
  if (towards === null) {
    throw fault("RULE_PLACE", {
      rule: config.id,
      what: `moving ${config.forbidden} is moving along line ${id}, not across it`,
    });
  }
  return new LineRule(config, line, towards, view);
}

function zoneOf(config: RuleConfig & { readonly zone?: string }, view: ViewGeometry): ZoneConfig {
  const zone = view.zones.find((z) => z.id === config.zone);
  if (zone !== undefined) return zone;
  throw fault("RULE_PLACE", {
    rule: config.id,
    what:
      config.zone === undefined ? "it names neither a zone nor a line" : `there is no zone ${config.zone}`,
  });
}

function lineOf(config: ZoneIntrusionConfig | WrongWayConfig, id: string, view: ViewGeometry): LineConfig {
  const line = view.lines.find((l) => l.id === id);
  if (line !== undefined) return line;
  throw fault("RULE_PLACE", { rule: config.id, what: `there is no line ${id}` });
}
