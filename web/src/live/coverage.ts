/** How much of the mesh was read: what the banner says, and what forbids to call anything fine. */
import type { ClusterReport, Unread } from "../api/types";

export interface Hole {
  context: string;
  /** Nothing was read there. */
  isWhole: boolean;
  /** The class of the failure, as `timeout`; of the first one. */
  cause: string;
  message: string;
  nextStep: string;
  /** Which kinds could not be read; empty where nothing was. */
  kinds: string[];
}

export interface Coverage {
  clusters: number;
  /** Clusters of which everything was read. */
  read: number;
  holes: Hole[];
}

export function coverageOf(clusters: readonly ClusterReport[]): Coverage {
  const holes = clusters.flatMap((cluster) => holeOf(cluster) ?? []);
  return { clusters: clusters.length, read: clusters.length - holes.length, holes };
}

function holeOf(cluster: ClusterReport): Hole | null {
  const whole = cluster.unread.find((one) => one.kind === null);
  const first = whole ?? cluster.unread[0];
  if (first === undefined && cluster.reached) return null;
  return {
    context: cluster.context,
    isWhole: !cluster.reached,
    cause: first?.failure.cause ?? "unreadable",
    message: first?.failure.message ?? "it was not reached",
    nextStep: first?.failure.nextStep ?? "",
    kinds: cluster.reached ? kindsOf(cluster.unread) : [],
  };
}

function kindsOf(unread: readonly Unread[]): string[] {
  return [...new Set(unread.flatMap((one) => one.kind ?? []))].sort();
}

/** One sentence: "2 of 20 clusters could not be read: cluster7 (timeout), cluster9 (forbidden: Segment)". */
export function sentenceOf(coverage: Coverage, most = 4): string {
  if (coverage.clusters === 0) return "No cluster has been read yet.";
  if (coverage.holes.length === 0)
    return coverage.clusters === 1 ? "The cluster was read." : `All ${coverage.clusters} clusters were read.`;
  const named = coverage.holes.slice(0, most).map((hole) => `${hole.context} (${reasonOf(hole)})`);
  const rest = coverage.holes.length - named.length;
  const list = rest > 0 ? `${named.join(", ")}, and ${rest} more` : named.join(", ");
  const whole = coverage.holes.some((hole) => hole.isWhole) ? "could not be read" : "could not be read completely";
  return `${coverage.holes.length} of ${counted(coverage.clusters, "cluster")} ${whole}: ${list}.`;
}

function reasonOf(hole: Hole): string {
  return hole.kinds.length > 0 ? `${hole.cause}: ${hole.kinds.join(", ")}` : hole.cause;
}

/** "1 cluster", "3 clusters". */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
