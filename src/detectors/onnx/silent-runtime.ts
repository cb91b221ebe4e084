/**
 * Forbids onnxruntime to report: from 1.29 on its builds for Linux and macOS write an identifier of the machine to
 * the user's cache folder and send events to Microsoft, unless this variable is set before the library initialises
 * (microsoft/onnxruntime, pull requests 27379 and 29843).
 *
 * To be imported before anything that loads onnxruntime, in the main thread: a thread's own `process.env` is a copy
 * that the library, which asks the system, does not see. test/security/absence-network.test.ts holds it to this.
 */
process.env["ORT_DISABLE_TELEMETRY"] = "1";
