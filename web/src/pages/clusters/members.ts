/** The clusters in a table: what is known of each, in words. What was not read is "?", what is not there "-". */

import type { ClusterReport, Direction, Finding, FleetCheck, Member } from "../../api/types";
import type { Look } from "../../parts/states";
import { contextsOf } from "../findings/grouping";

export interface MemberRow {
  context: string;
  reach: Look;
  /** Why something of it could not be read, one sentence each; empty where all was read. */
  reasons: string[];
  controlPlane: string;
  isControlPlaneWhole: boolean | null;
  /** Of istiod; several while one takes over from another. */
  versions: string;
  network: string;
  segment: string;
  gateway: Look;
  addresses: string[];
  /** What is said where there are none. */
  noAddresses: string;
  peers: string;
  findings: number;
}

const GATEWAYS: Readonly<Record<string, Look>> = {
  ready: { glyph: "✓", word: "ready", tone: "ready" },
  "not-ready": { glyph: "≠", word: "not ready", tone: "drift" },
  missing: { glyph: "✗", word: "missing", tone: "missing" },
};
const NOT_KNOWN: Look = { glyph: "?", word: "unknown", tone: "unknown" };

/** One row for each cluster that is known of, in the order in which they were selected. */
export function memberRows(check: FleetCheck, findings: readonly Finding[]): MemberRow[] {
  const reports = new Map(check.clusters.map((one) => [one.context, one]));
  const counts = countsOf(findings);
  return check.members.map((member) => rowOf(member, reports.get(member.context), check.peering, counts));
}

function rowOf(
  member: Member,
  report: ClusterReport | undefined,
  peering: readonly Direction[],
  counts: ReadonlyMap<string, number>,
): MemberRow {
  const { controlPlaneReady: ready, controlPlaneTotal: total } = member;
  const unread = report?.unread ?? [];
  const none = unread.length > 0 || !member.reached ? "?" : "-";
  return {
    context: member.context,
    reach: reachOf(member.reached, unread.length > 0),
    reasons: unread.map(({ kind, failure }) => (kind === null ? failure.message : `${kind}: ${failure.message}`)),
    controlPlane: ready === null ? none : `${ready}/${total}`,
    isControlPlaneWhole: ready === null ? null : ready > 0 && ready === total,
    versions: member.versions.join(", ") || none,
    network: member.network ?? none,
    segment: member.segment ?? none,
    gateway: GATEWAYS[member.gateway] ?? NOT_KNOWN,
    addresses: member.addresses,
    noAddresses: member.gateway === "unknown" ? "?" : "-",
    peers: member.reached ? peersOf(member, peering) : "?",
    findings: counts.get(member.context) ?? 0,
  };
}

function reachOf(isReached: boolean, isPartly: boolean): Look {
  if (!isReached) return { glyph: "?", word: "not reached", tone: "unknown" };
  return isPartly ? { glyph: "◐", word: "partly read", tone: "partial" } : { glyph: "✓", word: "read", tone: "ready" };
}

/** With how many peers it is known to be linked, and of how many nothing is known; as `check` says it. */
function peersOf(member: Member, peering: readonly Direction[]): string {
  const unknown = peering.filter((one) => one.context === member.context && one.state === "unknown").length;
  if (unknown > 0 && unknown === member.peers) return "?";
  return `${member.linked}/${member.peers}${unknown > 0 ? `, ${unknown} ?` : ""}`;
}

function countsOf(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of findings)
    for (const context of contextsOf(one)) counts.set(context, (counts.get(context) ?? 0) + 1);
  return counts;
}
