import { ROLES, type Role } from "../accounts/roles.ts";

/** Who may ask a route. What is not said here is not there: a route without a line does not type-check. */
export type Access =
  /** Anybody who reaches the server: the doors themselves, and what is public. */
  | { readonly kind: "anyone" }
  /** Whoever has given a password, also where the second factor is still missing. */
  | { readonly kind: "half" }
  /** Whoever is signed in, about themselves. */
  | { readonly kind: "signed_in" }
  /** Whoever has one of the roles for the site or a camera of it; the route asks which. */
  | { readonly kind: "somewhere"; readonly roles: readonly Role[] }
  /** Whoever has one of the roles for the whole site. */
  | { readonly kind: "site"; readonly roles: readonly Role[] };

const ANYONE = { kind: "anyone" } as const;
const HALF = { kind: "half" } as const;
const SIGNED_IN = { kind: "signed_in" } as const;
const WATCHING = { kind: "somewhere", roles: ["operator", "supervisor"] } as const;
const STOPPING = { kind: "somewhere", roles: ["operator", "supervisor", "administrator"] } as const;
const SUPERVISING = { kind: "somewhere", roles: ["supervisor"] } as const;
const WHOEVER = { kind: "somewhere", roles: ROLES } as const;
const AUDITOR = { kind: "site", roles: ["auditor"] } as const;
const ADMINISTRATOR = { kind: "site", roles: ["administrator"] } as const;

/** The authorisation matrix: every operation of the API, and who may ask for it. */
export const ACCESS = {
  readDescription: ANYONE,
  signIn: ANYONE,
  readLink: ANYONE,
  claimFirstStart: ANYONE,
  acceptInvitation: ANYONE,
  readSession: HALF,
  giveCode: HALF,
  signOut: HALF,
  listOwnSessions: SIGNED_IN,
  endOwnSession: SIGNED_IN,
  endOtherSessions: SIGNED_IN,
  changePassword: SIGNED_IN,
  beginCodes: SIGNED_IN,
  confirmCodes: SIGNED_IN,
  removeCodes: SIGNED_IN,
  listPersons: ADMINISTRATOR,
  addPerson: ADMINISTRATOR,
  readPerson: ADMINISTRATOR,
  changePerson: ADMINISTRATOR,
  endPerson: ADMINISTRATOR,
  invitePerson: ADMINISTRATOR,
  listPersonSessions: ADMINISTRATOR,
  endPersonSessions: ADMINISTRATOR,
  listAlerts: WATCHING,
  readAlert: WATCHING,
  disposeOfAlert: WATCHING,
  viewEvidence: WATCHING,
  listCameras: WHOEVER,
  listHolds: SIGNED_IN,
  stop: STOPPING,
  release: SUPERVISING,
  listLeaves: AUDITOR,
  readLeaf: AUDITOR,
  proveLeaf: AUDITOR,
} as const satisfies Record<string, Access>;
export type Operation = keyof typeof ACCESS;
