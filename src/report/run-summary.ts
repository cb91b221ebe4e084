export * from "../engine/run-summary.ts";
