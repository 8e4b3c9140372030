/** How the services are looked at, as the address says it: read from the query, and written back as a patch of it. */

import type { QueryPatch } from "../../address";
import type { State } from "../../api/types";
import { WORST_FIRST } from "../../parts/states";

export type Kind = "services" | "clusters";
export type Column =
  | "state"
  | "host"
  | "namespace"
  | "segment"
  | "cluster"
  | "scope"
  | "endpoints"
  | "takeover"
  | "distribution"
  | "age"
  | "reason";
export type Group = "namespace" | "segment" | "state" | "cluster";

export const COLUMNS: Readonly<Record<Kind, readonly Column[]>> = {
  services: [
    "state",
    "host",
    "namespace",
    "segment",
    "cluster",
    "endpoints",
    "takeover",
    "distribution",
    "age",
    "reason",
  ],
  clusters: ["state", "host", "cluster", "scope", "endpoints", "takeover", "distribution", "age", "reason"],
};
export const GROUPS: readonly Group[] = ["namespace", "segment", "state", "cluster"];

export interface View {
  kind: Kind;
  /** Words that must all be somewhere in a row; lower case. */
  words: readonly string[];
  namespace: string;
  segment: string;
  cluster: string;
  /** Empty: all. */
  states: readonly State[];
  sort: Column;
  isDescending: boolean;
  group: Group | null;
}

/** What the address asks for. What it says illegibly, as an old bookmark may, counts as not said. */
export function viewOf(query: URLSearchParams): View {
  const kind = query.get("view") === "clusters" ? "clusters" : "services";
  const sort = query.get("sort") ?? "state";
  const column = COLUMNS[kind].find((one) => one === sort.replace(/^-/, ""));
  return {
    kind,
    words: (query.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean),
    namespace: query.get("ns") ?? "",
    segment: query.get("segment") ?? "",
    cluster: query.get("cluster") ?? "",
    states: WORST_FIRST.filter((state) => query.getAll("state").includes(state.toLowerCase())),
    sort: column ?? "state",
    isDescending: column !== undefined && sort.startsWith("-"),
    group: GROUPS.find((one) => one === query.get("group")) ?? null,
  };
}

/** Sort by a column; once more: the other way round. */
export function sortPatch(view: View, column: Column): QueryPatch {
  const isAgain = view.sort === column;
  const text = isAgain && !view.isDescending ? `-${column}` : column;
  return { sort: text === "state" ? null : text };
}

/** Show one more state alone, or no longer. */
export function statePatch(view: View, state: State): QueryPatch {
  const has = view.states.includes(state);
  const states = WORST_FIRST.filter((one) => (one === state ? !has : view.states.includes(one)));
  return { state: states.map((one) => one.toLowerCase()) };
}

/** Whether anything is left out. */
export function isFiltered(view: View): boolean {
  return view.words.length + view.states.length > 0 || `${view.namespace}${view.segment}${view.cluster}` !== "";
}

export const NO_FILTER: QueryPatch = { q: null, ns: null, segment: null, cluster: null, state: null };
