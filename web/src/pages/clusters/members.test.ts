import { expect, test } from "vitest";
import type { ClusterReport, Direction, Finding, FleetCheck, Member } from "../../api/types";
import { memberRows } from "./members";

function member(context: string, over: Partial<Member> = {}): Member {
  return {
    context,
    reached: true,
    controlPlaneReady: 1,
    controlPlaneTotal: 1,
    versions: ["1.27.0", "1.28.1"],
    network: "n1",
    segment: null,
    gateway: "ready",
    addresses: ["10.0.0.1"],
    linked: 1,
    peers: 2,
    ...over,
  };
}

const REFUSED = { cause: "refused", message: "the connection was refused", nextStep: "" } as const;
const FORBIDDEN = { cause: "forbidden", message: "not allowed", nextStep: "" } as const;

function report(context: string, over: Partial<ClusterReport> = {}): ClusterReport {
  return { context, uid: null, aliases: [], reached: true, unread: [], ...over };
}

function rows(members: Member[], clusters: ClusterReport[], findings: Finding[] = [], peering: Direction[] = []) {
  return memberRows({ members, clusters, peering } as unknown as FleetCheck, findings);
}

test("of a cluster that was read, what is not set is not there", () => {
  const [row] = rows([member("a")], [report("a")]);
  expect(row).toMatchObject({
    reach: { word: "read", tone: "ready" },
    controlPlane: "1/1",
    isControlPlaneWhole: true,
    versions: "1.27.0, 1.28.1",
    segment: "-",
    peers: "1/2",
  });
});

test("of a cluster that was not reached nothing is known, and nothing is green", () => {
  const lost = member("a", {
    reached: false,
    controlPlaneReady: null,
    versions: [],
    network: null,
    gateway: "unknown",
  });
  const unread = [{ kind: null, namespace: null, failure: REFUSED }];
  const [row] = rows([lost], [report("a", { reached: false, unread })]);
  expect(row).toMatchObject({
    reach: { word: "not reached", tone: "unknown" },
    reasons: ["the connection was refused"],
    controlPlane: "?",
    isControlPlaneWhole: null,
    versions: "?",
    network: "?",
    segment: "?",
    gateway: { word: "unknown", tone: "unknown" },
    peers: "?",
  });
});

test("where a kind could not be read, what it would have said is not known", () => {
  const unread = [{ kind: "Deployment", namespace: null, failure: FORBIDDEN }];
  const [row] = rows([member("a", { controlPlaneReady: null })], [report("a", { unread })]);
  expect(row).toMatchObject({
    reach: { word: "partly read" },
    controlPlane: "?",
    reasons: ["Deployment: not allowed"],
  });
});

test("peers of which nothing is known are told from those that are not linked", () => {
  const says = (peer: string, state: Direction["state"]): Direction => ({ context: "a", peer, state });
  const peers = (...peering: Direction[]) => rows([member("a")], [report("a")], [], peering)[0]?.peers;
  expect(peers(says("b", "linked"), says("c", "missing"))).toBe("1/2");
  expect(peers(says("b", "linked"), says("c", "unknown"))).toBe("1/2, 1 ?");
  expect(peers(says("b", "unknown"), says("c", "unknown"))).toBe("?");
});

test("findings are counted for each cluster that they are about", () => {
  const mesh = { context: null, evidence: [{ context: "a" }, { context: "b" }, { context: "a" }] };
  const one = { context: "b", evidence: [] };
  const found = rows([member("a"), member("b")], [], [mesh, one] as unknown as Finding[]);
  expect(found.map((row) => row.findings)).toEqual([1, 2]);
});

test("a control plane of which some pods are missing is not whole", () => {
  const [row] = rows([member("a", { controlPlaneReady: 0, controlPlaneTotal: 0 })], [report("a")]);
  expect(row?.isControlPlaneWhole).toBe(false);
});
