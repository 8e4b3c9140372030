/** Plans and reports of changes as the server sends them, for tests. */
import type { JournalEntry, PlanShown, Report, Write } from "../api/types";
import { cluster, NO_COUNTS } from "./samples";

export function write(over: Partial<Write> = {}): Write {
  return {
    context: "cluster1",
    kind: "Service",
    namespace: "bookinfo",
    name: "details",
    status: "changed",
    changes: [{ section: "labels", key: "solo.io/service-scope", before: null, after: "global" }],
    warnings: [],
    failure: null,
    ...over,
  };
}

export function failedWrite(context: string, over: Partial<Write> = {}): Write {
  const failure = { cause: "forbidden" as const, message: "patch is forbidden", nextStep: "ask for the right" };
  return write({ context, status: "failed", failure, ...over });
}

export function report(over: Partial<Report> = {}): Report {
  return {
    apiVersion: "meshglobal.dev/v1",
    kind: "Report",
    command: "expose",
    exitCode: 0,
    failOn: "error",
    error: null,
    dryRun: "none",
    clusters: [cluster("cluster1"), cluster("cluster2")],
    writes: [write()],
    expectedHosts: [],
    hosts: [],
    findings: [],
    waived: [],
    notes: [],
    summary: NO_COUNTS,
    ...over,
  };
}

export function plan(over: Partial<PlanShown> = {}): PlanShown {
  return {
    apiVersion: "meshglobal.dev/v1",
    kind: "Plan",
    id: "plan1",
    expiresAt: "2026-01-01T00:10:00Z",
    extent: "change 1 object in 1 cluster",
    report: report({ dryRun: "server", writes: [write({ status: "would-change" })] }),
    diff: ["cluster1: service/details in namespace bookinfo", "  + labels: solo.io/service-scope=global"],
    blast: ["bookinfo/details turns global: cluster1"],
    findings: [],
    command: "meshglobal expose svc details -n bookinfo --context cluster1",
    needsNames: [],
    leftOut: [],
    ...over,
  };
}

export function entry(over: Partial<JournalEntry> = {}): JournalEntry {
  const { context, kind, namespace, name, changes } = write();
  return {
    id: "1",
    time: "2026-01-01T00:00:00Z",
    who: "me",
    source: "dashboard",
    command: "meshglobal expose svc details -n bookinfo --context cluster1",
    state: "ended",
    endedAt: "2026-01-01T00:00:01Z",
    outcome: "written",
    message: "",
    objects: [{ context, kind, namespace, name, changes, uid: "u1" }],
    writes: [write()],
    ...over,
  };
}
