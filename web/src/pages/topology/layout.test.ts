import { expect, test } from "vitest";
import type { Graph } from "./graph";
import { CLUSTER_STEP, fitted, layoutOf, SERVICE_STEP } from "./layout";

function graph(services: number, groups: [string, number][]): Graph {
  const clusters = groups.map(([title, count]) => ({
    title,
    clusters: Array.from({ length: count }, (_, index) => ({
      context: `${title}${index}`,
      network: null,
      segment: null,
      isReached: true,
      state: null,
    })),
  }));
  const nodes = Array.from({ length: services }, (_, index) => ({
    key: `n/s${index}`,
    namespace: "n",
    name: `s${index}`,
    state: null,
    publishers: [],
  }));
  const edges = nodes.flatMap((node) =>
    clusters.flatMap((group) =>
      group.clusters.map((one) => ({
        service: node.key,
        context: one.context,
        state: null,
        isPublished: false,
        weight: "none" as const,
        mode: null,
      })),
    ),
  );
  return { services: nodes, groups: clusters, edges, total: services };
}

test("nodes of a side never come closer than their step", () => {
  for (const [services, clusters] of [
    [60, 2],
    [1, 100],
    [24, 24],
  ] as const) {
    const found = layoutOf(graph(services, [["x", clusters]]), 1000);
    const least = (nodes: { y: number }[]) =>
      Math.min(...nodes.slice(1).map((node, index) => node.y - (nodes[index]?.y ?? 0)));
    expect(least(found.services)).toBeGreaterThanOrEqual(SERVICE_STEP - 0.01);
    expect(least(found.clusters)).toBeGreaterThanOrEqual(CLUSTER_STEP - 0.01);
  }
});

test("all stands inside the picture, titles above their clusters", () => {
  const found = layoutOf(
    graph(3, [
      ["segment x", 2],
      ["no segment", 1],
    ]),
    800,
  );
  for (const place of [...found.services, ...found.clusters, ...found.titles, ...found.edges]) {
    expect(place.x).toBeGreaterThan(0);
    expect(place.x).toBeLessThan(found.width);
    expect(place.y).toBeGreaterThan(0);
    expect(place.y).toBeLessThan(found.height);
  }
  const order = [...found.titles, ...found.clusters.map((one) => ({ title: one.node.context, y: one.y }))];
  expect(order.sort((a, b) => a.y - b.y).map((one) => one.title)).toEqual([
    "segment x",
    "segment x0",
    "segment x1",
    "no segment",
    "no segment0",
  ]);
});

test("a narrow window gets a picture that is scrolled", () => {
  expect(layoutOf(graph(1, [["", 1]]), 320).width).toBe(560);
  expect(layoutOf(graph(1, [["", 1]]), 1234.5).width).toBe(1234);
});

test("lines go from their service to their cluster", () => {
  const found = layoutOf(graph(1, [["", 1]]), 1000);
  const [start, end] = [found.services[0], found.clusters[0]];
  expect(found.edges[0]?.path).toMatch(new RegExp(`^M${start?.x} ${start?.y}C.* ${end?.x} ${end?.y}$`));
});

test("a long label keeps its beginning and its end", () => {
  expect(fitted("short", 10)).toBe("short");
  expect(fitted("a-very-long-name-v1", 9)).toBe("a-ve…e-v1");
});
