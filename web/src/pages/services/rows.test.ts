import { expect, test } from "vitest";
import { cell, service, unreadCell, verdict } from "../../testing/samples";
import { clusterRows, RowMaker, serviceRow } from "./rows";
import { amountOf, amountText, distributionOf, takeoverOf } from "./sums";

const setup = { segments: new Map([["cluster1", "east"]]), defaultDistribution: "PreferNetwork" };
const missing = cell({ context: "cluster2", state: "Missing", reason: "no entry", present: false, endpoints: null });

test("the worst cluster speaks for a service, with its reason", () => {
  const row = serviceRow(service("details", { cells: [cell(), missing] }), setup);
  expect(row).toMatchObject({ id: "bookinfo/details", state: "Missing", reason: "cluster2: no entry", context: null });
  expect(row.segments).toEqual(["east"]);
});

test("a service is not Ready where one of its clusters was not read", () => {
  expect(serviceRow(service("details", { cells: [cell(), unreadCell("cluster2")] }), setup).state).toBe("Unknown");
});

test("each host in each cluster has its row, and a cluster without one, too", () => {
  const hosts = [verdict(), verdict({ state: "Stale", host: null, foundHosts: ["old.example"], reason: "left over" })];
  const rows = clusterRows(service("details", { cells: [cell({ hosts }), missing] }), setup);
  expect(rows.map((row) => [row.id, row.state, row.hosts[0]])).toEqual([
    ["bookinfo/details@cluster1#0", "Ready", "details.bookinfo.mesh.internal"],
    ["bookinfo/details@cluster1#1", "Stale", "old.example"],
    ["bookinfo/details@cluster2", "Missing", "details.bookinfo.mesh.internal"],
  ]);
});

test("a search looks at hosts, names, clusters and reasons", () => {
  const { text } = serviceRow(service("details", { aliases: ["alias.example"], cells: [cell(), missing] }), setup);
  for (const word of ["details", "bookinfo", "mesh.internal", "alias.example", "cluster2", "no entry"])
    expect(text).toContain(word);
});

test("rows of services that did not change stay the same objects, until what they rest on changes", () => {
  const maker = new RowMaker();
  const services = [service("a"), service("b")];
  const before = maker.rows(services, "services", setup);
  const after = maker.rows([services[0] ?? service("a"), service("b")], "services", setup);
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  const others = maker.rows(services, "services", { ...setup, segments: new Map() });
  expect(others[0]).not.toBe(before[0]);
});

test("endpoints are summed up, and what was not read is not nothing", () => {
  const text = (...cells: Parameters<typeof amountOf>[0]) => amountText(amountOf(cells));
  expect(text(cell(), cell({ endpoints: { ready: 0, total: 2 } }))).toBe("1/3");
  expect(text(cell(), unreadCell("cluster2"))).toBe("1/1 ?");
  expect(text(unreadCell("cluster2"))).toBe("?");
  expect(text(missing)).toBe("-");
  expect(text(cell({ endpoints: { ready: 0, total: 0 } }))).toBe("0/0");
  expect(text(cell({ endpoints: { ready: 0, total: 0 } }), unreadCell("cluster2"))).toBe("0/0 ?");
});

test("takeover is told for all clusters, or for how many", () => {
  const yes = cell({ takeover: true });
  expect(takeoverOf([yes, yes]).text).toBe("yes");
  expect(takeoverOf([cell()]).text).toBe("no");
  expect(takeoverOf([yes, cell({ context: "cluster2" })])).toMatchObject({ text: "1 of 2", detail: "yes in cluster1" });
  expect(takeoverOf([unreadCell("cluster2")]).text).toBe("?");
  expect(takeoverOf([cell(), unreadCell("cluster2")])).toEqual({
    text: "no ?",
    kind: "unknown",
    detail: "not read in cluster2",
  });
  expect(takeoverOf([cell({ takeover: null, present: false })]).text).toBe("-");
});

test("the default distribution is told apart from the same mode set, and clusters that differ are told", () => {
  const fallback = "PreferNetwork";
  expect(distributionOf([cell()], fallback)).toMatchObject({ text: "(PreferNetwork)", kind: "unset" });
  expect(distributionOf([cell({ distribution: "PreferNetwork" })], fallback)).toMatchObject({ kind: "set" });
  expect(distributionOf([cell({ distribution: "Any" }), cell({ context: "b" })], fallback)).toMatchObject({
    text: "mixed",
    detail: "cluster1: Any, b: (PreferNetwork)",
  });
  expect(distributionOf([unreadCell("cluster2")], fallback).text).toBe("?");
  expect(distributionOf([cell({ distribution: "Any" }), unreadCell("cluster2")], fallback).text).toBe("Any ?");
  expect(distributionOf([missing], fallback).text).toBe("-");
});
