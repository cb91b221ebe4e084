import type { JournalEntry, LeafType } from "../journal/leaf.ts";
import type { Trust } from "../policy/signature.ts";
import { documentSha256 } from "../policy/signed-texts.ts";
import type { PolicyWorld } from "../policy/world.ts";

/** What a world consists of, as it is noted in the journal: each document's name, hash and state. */
export function documentEntries(world: PolicyWorld, trust: Trust | null): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  const note = (type: LeafType, payload: JournalEntry["payload"]) => {
    entries.push({ type, actor: "engine", payload });
  };
  for (const { profile, sha256 } of [...(world.profile === null ? [] : [world.profile]), ...world.overlays]) {
    note("profile", { id: profile.id, version: profile.version, kind: profile.kind, sha256 });
  }
  for (const { document, sha256, signatures } of world.authorisations) {
    note("authorisation", {
      id: document.id,
      kind: document.kind,
      sha256,
      status: document.status,
      validFrom: document.validFrom,
      validUntil: document.validUntil,
      decision: signatures.decision,
      publication: signatures.publication,
    });
  }
  for (const { document, sha256, signature } of world.certificates) {
    note("certificate", {
      id: document.id,
      event: document.event,
      passed: document.passed,
      sha256,
      signature,
    });
  }
  for (const { document, sha256, signature } of world.notices) {
    note("notice", { authorisationId: document.authorisationId, sha256, signature });
  }
  if (trust !== null) {
    // Whose keys are believed is as much a change of what may run as a document that one of them has signed.
    const keys = trust.keys.map(({ keyId, holder, roles, validFrom, validUntil }) => {
      return { keyId, holder, roles: [...roles], validFrom, validUntil };
    });
    note("trust", { sha256: documentSha256(trust), keys });
  }
  for (const { file, code, message } of world.faults) note("documents_unreadable", { file, code, message });
  return entries;
}
