import { expect, test } from "vitest";
import type { Cell, ClusterReport, GlobalService, Member, Verdict } from "../../api/types";
import { type GraphOrder, graphOf, limitFor } from "./graph";

function cell(context: string, over: Partial<Cell> = {}): Cell {
  const hosts = [{ publishers: ["a", "b"] } as Verdict];
  const endpoints = { ready: 1, total: 1 };
  return { context, state: "Ready", present: true, entry: "autogen.n.s", endpoints, hosts, ...over } as Cell;
}

function service(name: string, ...cells: Cell[]): GlobalService {
  return { namespace: "n", name, hosts: [], aliases: [], cells };
}

function member(context: string, network: string, segment: string | null = null): Member {
  return { context, network, segment, reached: true } as Member;
}

function order(services: GlobalService[], over: Partial<GraphOrder> = {}): GraphOrder {
  const members = [member("a", "n1"), member("b", "n2"), member("c", "n2")];
  const clusters = members.map(({ context }) => ({ context, reached: true }) as ClusterReport);
  return { services, members, clusters, defaultMode: "PreferNetwork", from: "", limit: 60, ...over };
}

const absent = { present: false, endpoints: null };

test("each cluster's own line is thick where its callers stay, thin where they go elsewhere", () => {
  const { edges } = graphOf(order([service("s", cell("a"), cell("b"), cell("c", { ...absent, present: false }))]));
  expect(edges.map((edge) => [edge.context, edge.isPublished, edge.weight])).toEqual([
    ["a", true, "preferred"],
    ["b", true, "preferred"],
    ["c", false, "fallback"],
  ]);
});

test("seen from one cluster, thickness says where its requests go", () => {
  const found = graphOf(order([service("s", cell("a"), cell("b"), cell("c", absent))], { from: "c" }));
  expect(found.edges.map((edge) => edge.weight)).toEqual(["fallback", "preferred", "none"]);
});

test("the caller's own mode counts", () => {
  const all = [service("s", cell("a", { distribution: "Any" }), cell("b"))];
  const { edges } = graphOf(order(all, { from: "a" }));
  expect(edges.map((edge) => [edge.mode, edge.weight])).toEqual([
    ["Any", "even"],
    ["Any", "even"],
  ]);
});

test("a caller that was not read is not guessed at", () => {
  const lost = { present: null, state: "Unknown", entry: null, endpoints: null } as Partial<Cell>;
  const { edges } = graphOf(order([service("s", cell("a", lost), cell("b"))], { from: "a" }));
  expect(edges.map((edge) => [edge.mode, edge.weight])).toEqual([
    [null, "unknown"],
    [null, "unknown"],
  ]);
});

test("without the host's entry no request goes anywhere", () => {
  const missing = { state: "Missing", entry: null } as Partial<Cell>;
  const { edges } = graphOf(order([service("s", cell("a", missing), cell("b"))], { from: "a" }));
  expect(edges.map((edge) => edge.weight)).toEqual(["none", "none"]);
});

test("where nothing is expected or found there is no line", () => {
  const nothing = cell("c", { state: null, entry: null, hosts: [], present: false });
  expect(graphOf(order([service("s", cell("a"), nothing)])).edges.map((edge) => edge.context)).toEqual(["a"]);
});

test("clusters stand by segment, else by a shared network, else as they come", () => {
  const titles = (members: Member[]) => graphOf(order([], { members })).groups.map((group) => group.title);
  expect(titles([member("a", "n1", "x"), member("b", "n1"), member("c", "n1", "x")])).toEqual([
    "segment x",
    "no segment",
  ]);
  expect(titles([member("a", "n1"), member("b", "n2"), member("c", "n2")])).toEqual(["network n1", "network n2"]);
  expect(titles([member("a", "n1"), member("b", "n2"), member("c", "n3")])).toEqual([""]);
});

test("only so many services are drawn, and it is known how many there are", () => {
  const found = graphOf(order([service("s1"), service("s2"), service("s3")], { limit: 2 }));
  expect(found.services.map((one) => one.key)).toEqual(["n/s1", "n/s2"]);
  expect(found.total).toBe(3);
});

test("with many clusters fewer services are drawn", () => {
  expect([limitFor(0), limitFor(10), limitFor(100), limitFor(1000)]).toEqual([60, 60, 10, 10]);
});

test("of a cluster that was not reached nothing is known, whatever was known of it once", () => {
  const clusters = [
    { context: "a", reached: false },
    { context: "b", reached: true },
  ] as ClusterReport[];
  const [group] = graphOf(order([service("s", cell("a"), cell("b"))], { clusters })).groups;
  expect(group?.clusters.map((one) => [one.context, one.isReached, one.state])).toEqual([
    ["a", false, "Unknown"],
    ["b", true, "Ready"],
  ]);
});
