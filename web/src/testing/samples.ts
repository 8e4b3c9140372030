/** Documents as the server sends them, for tests: everything is fine unless a test says otherwise. */
import type { About } from "../api/dashboard";
import type { Cell, ClusterReport, FleetCheck, GlobalService, Inventory, Summary, Verdict } from "../api/types";

export const NO_COUNTS: Summary = {
  ready: 0,
  partial: 0,
  missing: 0,
  drift: 0,
  stale: 0,
  unknown: 0,
  clusters: 0,
  clustersRead: 0,
};

export function verdict(over: Partial<Verdict> = {}): Verdict {
  return {
    namespace: "bookinfo",
    service: "details",
    context: "cluster1",
    state: "Ready",
    reason: "",
    host: "details.bookinfo.mesh.internal",
    foundHosts: ["details.bookinfo.mesh.internal"],
    entry: "autogen.bookinfo.details",
    entryCreated: "2026-01-01T00:00:00Z",
    publishers: ["cluster1"],
    missingPeers: [],
    deviations: [],
    ...over,
  };
}

export function cell(over: Partial<Cell> = {}): Cell {
  return {
    context: "cluster1",
    state: "Ready",
    reason: "",
    present: true,
    scope: "global",
    scopeOrigin: "service",
    takeover: false,
    distribution: null,
    ports: ["80/HTTP"],
    endpoints: { ready: 1, total: 1 },
    hosts: [],
    entry: "autogen.bookinfo.details",
    entryCreated: "2026-01-01T00:00:00Z",
    ...over,
  };
}

/** A cluster that could not be read says nothing. */
export function unreadCell(context: string): Cell {
  return cell({
    context,
    state: "Unknown",
    reason: "the cluster was not reached",
    present: null,
    scope: null,
    scopeOrigin: "unread",
    takeover: null,
    ports: [],
    endpoints: null,
    entry: null,
    entryCreated: null,
  });
}

export function service(name: string, over: Partial<GlobalService> = {}): GlobalService {
  const namespace = over.namespace ?? "bookinfo";
  return { namespace, name, hosts: [`${name}.${namespace}.mesh.internal`], aliases: [], cells: [cell()], ...over };
}

export function cluster(context: string, over: Partial<ClusterReport> = {}): ClusterReport {
  return { context, uid: `uid-of-${context}`, aliases: [], reached: true, unread: [], ...over };
}

export function lostCluster(context: string, cause = "timeout" as const): ClusterReport {
  const failure = { cause, message: `${context} did not answer within 5 s`, nextStep: "try again" };
  return cluster(context, { uid: null, reached: false, unread: [{ kind: null, namespace: null, failure }] });
}

export function inventory(services: GlobalService[], over: Partial<Inventory> = {}): Inventory {
  return {
    apiVersion: "meshglobal.dev/v1",
    kind: "Inventory",
    command: "list",
    exitCode: 0,
    defaultDistribution: "PreferNetwork",
    clusters: [cluster("cluster1"), cluster("cluster2")],
    services,
    findings: [],
    waived: [],
    summary: NO_COUNTS,
    ...over,
  };
}

export function check(segments: Readonly<Record<string, string | null>> = {}): FleetCheck {
  return {
    apiVersion: "meshglobal.dev/v1",
    kind: "FleetCheck",
    command: "check",
    exitCode: 0,
    failOn: "error",
    error: null,
    clusters: [],
    members: Object.entries(segments).map(([context, segment]) => ({
      context,
      reached: true,
      versions: ["1.29.0"],
      controlPlaneReady: 1,
      controlPlaneTotal: 1,
      network: context,
      segment,
      gateway: "ready",
      addresses: [],
      linked: 1,
      peers: 1,
    })),
    peering: [],
    findings: [],
    waived: [],
    summary: NO_COUNTS,
  };
}

export function about(over: Partial<About> = {}): About {
  return {
    apiVersion: "meshglobal.dev/v1",
    kind: "About",
    version: "1.2.3",
    source: "clusters",
    takenAt: null,
    writes: false,
    protectedContexts: [],
    contexts: [{ context: "cluster1" }, { context: "cluster2" }],
    namespace: null,
    segmentVisibility: "isolated",
    startedAt: "2026-01-01T00:00:00Z",
    ...over,
  };
}
