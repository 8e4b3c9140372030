/** The mesh as a graph: services on one side, clusters on the other, and what lies between. */

import type { Cell, ClusterReport, GlobalService, Member, State } from "../../api/types";
import { keyOf } from "../../live/model";
import { worstOf } from "../../parts/states";
import { isReady, type Server, type Weight, weights } from "./preference";

export interface ServiceNode {
  key: string;
  namespace: string;
  name: string;
  /** The worst state that it has anywhere; null where none is expected or found. */
  state: State | null;
  publishers: string[];
}

export interface ClusterNode {
  context: string;
  network: string | null;
  segment: string | null;
  isReached: boolean;
  /** The worst state that a drawn service has there; null where none has any. */
  state: State | null;
}

/** Clusters that stand together, and what they share; an empty title where nothing does. */
export interface ClusterGroup {
  title: string;
  clusters: ClusterNode[];
}

export interface Edge {
  service: string;
  context: string;
  state: State | null;
  isPublished: boolean;
  weight: Weight;
  /** What decides; null where the caller's Service was not read. */
  mode: string | null;
}

export interface Graph {
  services: ServiceNode[];
  groups: ClusterGroup[];
  edges: Edge[];
  /** How many services the filter lets through; more than are drawn where they are too many. */
  total: number;
}

export interface GraphOrder {
  services: readonly GlobalService[];
  /** What `check` says of the clusters; empty where it has not been read yet. */
  members: readonly Member[];
  clusters: readonly ClusterReport[];
  defaultMode: string;
  /** Whose requests the thickness shows; empty: each cluster's own. */
  from: string;
  limit: number;
}

/** How many services may be drawn, so that lines can still be told apart. */
export function limitFor(clusters: number): number {
  return Math.max(10, Math.min(60, Math.floor(600 / Math.max(clusters, 1))));
}

/** With more lines than this, only those of one node at a time can be followed. */
export const DENSE = 150;

export function graphOf(order: GraphOrder): Graph {
  const clusters = clusterNodes(order);
  const networks = new Map(clusters.map((one) => [one.context, one.network]));
  const drawn = order.services.slice(0, order.limit);
  const edges = drawn.flatMap((service) => edgesOf(service, order, networks));
  return {
    services: drawn.map(serviceNode),
    groups: groupsOf(withStates(clusters, edges)),
    edges,
    total: order.services.length,
  };
}

/** The clusters whose endpoints stand behind some host of the service, as far as is known. */
export function publishersOf(service: GlobalService): string[] {
  const found = new Set(service.cells.flatMap((cell) => cell.hosts.flatMap((verdict) => verdict.publishers)));
  return service.cells.map((cell) => cell.context).filter((context) => found.has(context));
}

function serviceNode(service: GlobalService): ServiceNode {
  const { namespace, name } = service;
  const state = worstOf(service.cells.map((cell) => cell.state));
  return { key: keyOf(service), namespace, name, state, publishers: publishersOf(service) };
}

function clusterNodes(order: GraphOrder): Omit<ClusterNode, "state">[] {
  const members = new Map(order.members.map((one) => [one.context, one]));
  return order.clusters.map(({ context, reached }) => {
    const { network = null, segment = null } = members.get(context) ?? {};
    return { context, network, segment, isReached: reached };
  });
}

function withStates(clusters: readonly Omit<ClusterNode, "state">[], edges: readonly Edge[]): ClusterNode[] {
  const states = new Map<string, State | null>();
  for (const { context, state } of edges) states.set(context, worstOf([states.get(context) ?? null, state]));
  return clusters.map((one) => ({ ...one, state: one.isReached ? (states.get(one.context) ?? null) : "Unknown" }));
}

/** By segment where there are any; else by network where some clusters share one. */
function groupsOf(clusters: readonly ClusterNode[]): ClusterGroup[] {
  if (clusters.some((one) => one.segment)) {
    return grouped(clusters, (one) => (one.segment ? `segment ${one.segment}` : "no segment"));
  }
  const networks = clusters.flatMap((one) => (one.network ? [one.network] : []));
  if (new Set(networks).size < networks.length) {
    return grouped(clusters, (one) => (one.network ? `network ${one.network}` : "network not known"));
  }
  return [{ title: "", clusters: [...clusters] }];
}

function grouped(clusters: readonly ClusterNode[], titleOf: (one: ClusterNode) => string): ClusterGroup[] {
  const groups = new Map<string, ClusterNode[]>();
  for (const one of clusters) {
    const title = titleOf(one);
    groups.set(title, [...(groups.get(title) ?? []), one]);
  }
  return [...groups].map(([title, members]) => ({ title, clusters: members }));
}

type Networks = ReadonlyMap<string, string | null>;

function edgesOf(service: GlobalService, order: GraphOrder, networks: Networks): Edge[] {
  const publishers = publishersOf(service);
  const servers = service.cells
    .filter((cell) => publishers.includes(cell.context))
    .map((cell) => ({ context: cell.context, network: networks.get(cell.context) ?? null, isReady: isReady(cell) }));
  const caller = service.cells.find((cell) => cell.context === order.from);
  const seen = caller ? weightsFrom(caller, servers, order, networks) : null;
  return service.cells.flatMap((cell) => {
    const isPublished = publishers.includes(cell.context);
    if (!cell.state && !isPublished) {
      return [];
    }
    const mode = modeOf(caller ?? cell, order.defaultMode);
    const weight = seen ? (seen.get(cell.context) ?? "none") : ownWeight(cell, servers, order, networks);
    return [{ service: keyOf(service), context: cell.context, state: cell.state ?? null, isPublished, weight, mode }];
  });
}

/** Where the callers of one cluster go, by the context of who serves. */
function weightsFrom(caller: Cell, servers: readonly Server[], order: GraphOrder, networks: Networks) {
  const { context } = caller;
  const mode = modeOf(caller, order.defaultMode);
  const hasHost = mode === null ? null : hasEntry(caller);
  const found = weights({ context, network: networks.get(context) ?? null, mode: mode ?? "" }, servers);
  return new Map(servers.map((one, index) => [one.context, certain(hasHost, found[index] ?? "none")]));
}

/** A cluster's own line: thick where its callers stay, thin where they go elsewhere. */
function ownWeight(cell: Cell, servers: readonly Server[], order: GraphOrder, networks: Networks): Weight {
  const found = weightsFrom(cell, servers, order, networks);
  const own = found.get(cell.context) ?? "none";
  if (own !== "none") {
    return own;
  }
  const elsewhere = [...found.values()];
  if (elsewhere.includes("unknown")) {
    return "unknown";
  }
  return elsewhere.some((weight) => weight !== "none") ? "fallback" : "none";
}

function modeOf(cell: Cell, defaultMode: string): string | null {
  return cell.present === null ? null : (cell.distribution ?? defaultMode);
}

/** Whether the global host resolves in a cluster; null where that was not read. */
function hasEntry(cell: Cell): boolean | null {
  if (cell.state === "Unknown") {
    return null;
  }
  return Boolean(cell.entry);
}

function certain(hasHost: boolean | null, weight: Weight): Weight {
  if (weight === "none" || hasHost === false) {
    return "none";
  }
  return hasHost === null ? "unknown" : weight;
}
