import { expect, test } from "vitest";
import type { State } from "../../api/types";
import { cell, service } from "../../testing/samples";
import { arranged } from "./arrange";
import { serviceRow } from "./rows";
import { viewOf } from "./view";

const setup = {
  segments: new Map([
    ["c1", "east"],
    ["c2", "west"],
  ]),
  defaultDistribution: "PreferNetwork",
};

function row(name: string, namespace: string, state: State, ready: number, created: string, ...contexts: string[]) {
  const cells = contexts.map((context) =>
    cell({ context, state, reason: `because ${state}`, endpoints: { ready, total: 4 }, entryCreated: created }),
  );
  return serviceRow(service(name, { namespace, cells }), setup);
}

const ROWS = [
  row("a", "shop", "Ready", 4, "2026-01-03T00:00:00Z", "c1"),
  row("b", "shop", "Missing", 1, "2026-01-01T00:00:00Z", "c1", "c2"),
  row("c", "bank", "Unknown", 3, "2026-01-02T00:00:00Z", "c2"),
  row("d", "bank", "Ready", 2, "2026-01-04T00:00:00Z", "c1", "c2"),
];
const seen = (query: string) => arranged(ROWS, viewOf(new URLSearchParams(query)));
const names = (query: string) =>
  seen(query)
    .rows.map((one) => one.service.name)
    .join("");

test.each([
  ["", "bcda"],
  ["sort=-state", "dacb"],
  ["sort=host", "abcd"],
  ["sort=-host", "dcba"],
  ["sort=namespace", "cdab"],
  ["sort=endpoints", "bdca"],
  ["sort=age", "dacb"],
  ["sort=-age", "bcad"],
  ["sort=cluster", "cadb"],
  ["sort=segment", "adbc"],
])("%s sorts; what is equal goes by name", (query, order) => {
  expect(names(query)).toBe(order);
});

test.each([
  ["ns=bank", "cd"],
  ["segment=east", "bda"],
  ["cluster=c2", "bcd"],
  ["state=ready", "da"],
  ["state=ready&state=missing", "bda"],
  ["q=because+missing", "b"],
  ["q=shop+c2", "b"],
  ["q=SHOP&state=ready", "a"],
  ["q=nothing-like-it", ""],
])("%s filters", (query, left) => {
  expect(names(query)).toBe(left);
});

test("states are counted as if none were filtered, and everything else were", () => {
  expect(Object.fromEntries(seen("ns=shop&state=missing").counts)).toEqual({ Ready: 1, Missing: 1 });
});

test("groups have a heading with counts, and rows stand in each group they belong to", () => {
  const lines = seen("group=cluster").lines.map((line) => (line.kind === "group" ? line.label : line.row.service.name));
  expect(lines).toEqual(["c1", "b", "d", "a", "c2", "b", "c", "d"]);
  const [heading] = seen("group=namespace").lines;
  expect(heading).toMatchObject({
    label: "bank",
    count: 2,
    counts: [
      ["Unknown", 1],
      ["Ready", 1],
    ],
  });
});

test("lines have names of their own, so that none is taken for another", () => {
  const ids = seen("group=cluster").lines.map((line) => line.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("groups of states come the worst first", () => {
  const labels = seen("group=state").lines.flatMap((line) => (line.kind === "group" ? line.label : []));
  expect(labels).toEqual(["Missing", "Unknown", "Ready"]);
});

test("arranging leaves the rows that it was given as they are", () => {
  const before = [...ROWS];
  seen("sort=-host");
  expect(ROWS).toEqual(before);
});
