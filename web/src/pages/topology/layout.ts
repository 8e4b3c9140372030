/** Where the nodes and lines of a graph stand: services left, clusters right, both from top to bottom. */

import type { ClusterNode, Edge, Graph, ServiceNode } from "./graph";

/** Sizes in CSS pixels. */
export const SERVICE_STEP = 30;
export const CLUSTER_STEP = 44;
const TITLE_STEP = 30;
const MARGIN = 22;
const NARROWEST = 560;
const CHARACTER = 7.2;

export interface Placed<T> {
  node: T;
  x: number;
  y: number;
}

export interface PlacedTitle {
  title: string;
  x: number;
  y: number;
}

export interface PlacedEdge {
  edge: Edge;
  /** The `d` of a path. */
  path: string;
  /** Where the glyph of the state stands on the line. */
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  services: Placed<ServiceNode>[];
  clusters: Placed<ClusterNode>[];
  titles: PlacedTitle[];
  edges: PlacedEdge[];
  /** How many characters of a label have room. */
  serviceRoom: number;
  clusterRoom: number;
}

/** Lay the graph out in the width at hand; below a least width the picture is wider, and is scrolled. */
export function layoutOf(graph: Graph, available: number): Layout {
  const width = Math.max(NARROWEST, Math.floor(available));
  const left = columnOf(
    graph.services.map((one) => one.key),
    60,
    width * 0.36,
  );
  const right = width - columnOf(clusterLabels(graph), 44, width * 0.27);
  const height = heightOf(graph);
  const services = spread(graph.services, left, height);
  const { clusters, titles } = placedClusters(graph, right, height);
  return {
    width,
    height,
    services,
    clusters,
    titles,
    edges: placedEdges(graph.edges, services, clusters),
    serviceRoom: Math.floor((left - 40) / CHARACTER),
    clusterRoom: Math.floor((width - right - 30) / CHARACTER),
  };
}

/** A label that has room for so many characters: its end counts, for names differ there more often. */
export function fitted(text: string, room: number): string {
  const characters = [...text];
  if (characters.length <= room) {
    return text;
  }
  const kept = Math.max(room - 1, 2);
  const head = Math.ceil(kept / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(-(kept - head)).join("")}`;
}

/** Where a cluster is, beneath its name: its network, where that says more than the name. */
export function placeOf(cluster: ClusterNode): string {
  if (cluster.network === null) return "network not known";
  return cluster.network === cluster.context ? "" : `network ${cluster.network}`;
}

/** As wide as the longest label needs, at most a share of the picture. */
function columnOf(labels: readonly string[], around: number, most: number): number {
  const longest = Math.max(...labels.map((label) => label.length), 12);
  return Math.round(Math.min(longest * CHARACTER + around, most));
}

function clusterLabels(graph: Graph): string[] {
  return graph.groups.flatMap((group) => [
    group.title,
    ...group.clusters.flatMap((one) => [one.context, placeOf(one)]),
  ]);
}

function heightOf(graph: Graph): number {
  const titled = graph.groups.filter((group) => group.title).length;
  const clusters = graph.groups.reduce((sum, group) => sum + group.clusters.length, 0);
  const needed = Math.max(graph.services.length * SERVICE_STEP, clusters * CLUSTER_STEP + titled * TITLE_STEP);
  return needed + 2 * MARGIN;
}

function spread<T>(nodes: readonly T[], x: number, height: number): Placed<T>[] {
  const step = (height - 2 * MARGIN) / Math.max(nodes.length, 1);
  return nodes.map((node, index) => ({ node, x, y: MARGIN + step * (index + 0.5) }));
}

function placedClusters(graph: Graph, x: number, height: number) {
  const clusters: Placed<ClusterNode>[] = [];
  const titles: PlacedTitle[] = [];
  const count = graph.groups.reduce((sum, group) => sum + group.clusters.length, 0);
  const titled = graph.groups.filter((group) => group.title).length;
  const step = (height - 2 * MARGIN - titled * TITLE_STEP) / Math.max(count, 1);
  let y = MARGIN;
  for (const group of graph.groups) {
    if (group.title) {
      titles.push({ title: group.title, x, y: y + TITLE_STEP / 2 });
      y += TITLE_STEP;
    }
    for (const node of group.clusters) {
      clusters.push({ node, x, y: y + step / 2 });
      y += step;
    }
  }
  return { clusters, titles };
}

function placedEdges(
  edges: readonly Edge[],
  services: readonly Placed<ServiceNode>[],
  clusters: readonly Placed<ClusterNode>[],
): PlacedEdge[] {
  const from = new Map(services.map((one) => [one.node.key, one]));
  const to = new Map(clusters.map((one, index) => [one.node.context, { ...one, index }]));
  return edges.flatMap((edge) => {
    const start = from.get(edge.service);
    const end = to.get(edge.context);
    if (!start || !end) {
      return [];
    }
    // Glyphs of one service stand at different places of their lines, so that they do not cover each other.
    const t = 0.3 + 0.4 * ((end.index % 7) / 6);
    return [{ edge, path: pathOf(start, end), ...pointOn(start, end, t) }];
  });
}

interface Point {
  x: number;
  y: number;
}

function pathOf(start: Point, end: Point): string {
  const middle = round((start.x + end.x) / 2);
  return `M${round(start.x)} ${round(start.y)}C${middle} ${round(start.y)} ${middle} ${round(end.y)} ${round(end.x)} ${round(end.y)}`;
}

/** A point on the curve that `pathOf` draws. */
function pointOn(start: Point, end: Point, t: number): Point {
  const middle = (start.x + end.x) / 2;
  const u = 1 - t;
  const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return {
    x: round(a * start.x + (b + c) * middle + d * end.x),
    y: round((a + b) * start.y + (c + d) * end.y),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
