/** Where the requests of a cluster go: which of the clusters that serve a host its callers prefer (R27-R29). */

import type { Cell } from "../../api/types";

/**
 * What a line's thickness says: requests go there first (thick), only when nobody nearer answers (thin), or to all
 * alike (even). `none`: they do not go there. `unknown`: what decides it was not read.
 */
export type Weight = "preferred" | "fallback" | "even" | "none" | "unknown";

/** What a mode looks at first: the network, nothing, or something that no object here tells. */
export type Basis = "network" | "nothing" | "elsewhere";

const BASES: Record<string, Basis> = {
  prefernetwork: "network",
  preferclose: "network",
  prefersamezone: "network",
  any: "nothing",
};

/** PreferClose and PreferSameZone look at the network before region and zone; letter case does not count (R28). */
export function basisOf(mode: string): Basis {
  return BASES[mode.toLowerCase()] ?? "elsewhere";
}

/** What the callers in one cluster follow. */
export interface Caller {
  context: string;
  network: string | null;
  mode: string;
}

/** A cluster that serves the host, or may. */
export interface Server {
  context: string;
  network: string | null;
  /** Whether somebody there is ready to answer; null where endpoints were not read. */
  isReady: boolean | null;
}

/** How much the caller's requests go to each server; servers in the same order. */
export function weights(caller: Caller, servers: readonly Server[]): Weight[] {
  const basis = basisOf(caller.mode);
  if (basis !== "network") {
    return servers.map((one) => (basis === "nothing" ? whenAlike(one) : unknownUnlessDown(one)));
  }
  const near = servers.map((one) => isNear(caller, one));
  const isNearUp = servers.map((one, index) => near[index] && one.isReady);
  const isServedNear = isNearUp.includes(true) || (isNearUp.includes(null) ? null : false);
  return servers.map((one, index) => weight(one, near[index] ?? null, isServedNear));
}

/** Whether a cell's endpoints can answer; null where they were not read. */
export function isReady(cell: Cell): boolean | null {
  if (cell.present === false) {
    return false;
  }
  return cell.endpoints ? cell.endpoints.ready > 0 : null;
}

function weight(one: Server, isNear: boolean | null, isServedNear: boolean | null): Weight {
  if (one.isReady === false) {
    return "none";
  }
  if (isNear === null || one.isReady === null) {
    return "unknown";
  }
  if (isNear) {
    return "preferred";
  }
  if (isServedNear === null) {
    return "unknown";
  }
  return isServedNear ? "fallback" : "even";
}

function isNear(caller: Caller, one: Server): boolean | null {
  if (caller.context === one.context) {
    return true;
  }
  return caller.network && one.network ? caller.network === one.network : null;
}

function whenAlike(one: Server): Weight {
  if (one.isReady === null) {
    return "unknown";
  }
  return one.isReady ? "even" : "none";
}

function unknownUnlessDown(one: Server): Weight {
  return one.isReady === false ? "none" : "unknown";
}
