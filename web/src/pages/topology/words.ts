/** The graph in words: for labels, for readers of screens, and for the table beside it. */

import type { GlobalService, State } from "../../api/types";
import { listed } from "../../parts/listed";
import { WORST_FIRST } from "../../parts/states";
import { type ClusterNode, type Edge, publishersOf } from "./graph";
import type { Weight } from "./preference";

/** Where requests go along a line, seen from one cluster. */
const FROM_ONE: Record<Weight, string> = {
  preferred: "requests go here first",
  fallback: "only when nobody nearer answers",
  even: "requests are shared out evenly",
  none: "no requests",
  unknown: "not known",
};

/** The same where each line stands for the callers of its own cluster. */
const FROM_EACH: Record<Weight, string> = {
  preferred: "requests stay in the own network",
  fallback: "requests go to other networks",
  even: "requests are shared out evenly",
  none: "no requests",
  unknown: "not known",
};

/** What the thickness of a line means; `from`: whose requests are looked at, empty for each cluster's own. */
export function weightWord(edge: Pick<Edge, "weight" | "mode">, from: string): string {
  const said = (from ? FROM_ONE : FROM_EACH)[edge.weight];
  return edge.weight === "unknown" && edge.mode ? `${said}: ${edge.mode} goes by what is not read here` : said;
}

/** "bookinfo/ratings: 2 Ready, 1 Missing; served by cluster1, cluster2". */
export function serviceWords(service: GlobalService): string {
  const publishers = publishersOf(service);
  const served = publishers.length > 0 ? `served by ${listed(publishers)}` : "served by nobody that was read";
  return `${service.namespace}/${service.name}: ${statesIn(service.cells.map((cell) => cell.state))}; ${served}`;
}

/** "cluster1, network n1, segment s: 3 Ready". */
export function clusterWords(cluster: ClusterNode, edges: readonly Edge[]): string {
  const place = [
    cluster.context,
    cluster.network ? `network ${cluster.network}` : "",
    cluster.segment ? `segment ${cluster.segment}` : "",
    cluster.isReached ? "" : "not reached",
  ];
  const states = edges.filter((edge) => edge.context === cluster.context).map((edge) => edge.state);
  return `${place.filter(Boolean).join(", ")}: ${statesIn(states)}`;
}

/** How many are in each state, the worst first. */
export function statesIn(states: readonly (State | null)[]): string {
  const parts = WORST_FIRST.flatMap((state) => {
    const count = states.filter((one) => one === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  return parts.join(", ") || "nothing expected or found";
}
