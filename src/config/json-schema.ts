import { z } from "zod";
import { configSchema } from "./schema.ts";

/** The part of a JSON Schema that the reference page and the example are made from. */
export interface Described {
  readonly description?: string;
  /** What may stand there, in words; from the schema's own `title`. */
  readonly title?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly items?: Described | boolean;
  readonly oneOf?: readonly Described[];
}

/** Names the format in the JSON Schema; nothing is ever fetched from it. */
const SCHEMA_ID = "urn:contrechamp:config:1";

/** JSON Schema (2020-12) of what a person may write, for editors that complete and check as one types. */
export function configJsonSchema(): Described & Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: "input", target: "draft-2020-12" });
  const described: Described & Record<string, unknown> = JSON.parse(
    JSON.stringify({ $schema, $id: SCHEMA_ID, title: "Contrechamp configuration", ...rest }),
  );
  return described;
}
