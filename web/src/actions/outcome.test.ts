import { expect, test } from "vitest";
import { cluster, lostCluster } from "../testing/samples";
import { failedWrite, plan, report, write } from "../testing/writes";
import { byContext, changesAnything, diffOf, isRefused, subjectOf, verdictOf } from "./outcome";

const FAILED = failedWrite("cluster2");

test("nothing is called well that was not seen to be well", () => {
  expect(verdictOf(report()).tone).toBe("ready");
  expect(verdictOf(report({ exitCode: 5 })).title).toMatch(/not all as they must be in time/);
  const unseen = verdictOf(report({ exitCode: 3, clusters: [cluster("cluster1"), lostCluster("cluster2")] }));
  expect([unseen.tone, unseen.title]).toEqual([
    "unknown",
    "Written: 1 object. What 1 cluster made of it could not be read.",
  ]);
});

test("what was partly written is told from what was not written at all", () => {
  expect(verdictOf(report({ writes: [write(), FAILED], exitCode: 4 })).title).toBe(
    "Partly written: 1 object, and 1 not.",
  );
  expect(verdictOf(report({ writes: [FAILED], exitCode: 3 })).title).toBe("Nothing was written.");
  expect(verdictOf(report({ writes: [write({ status: "unchanged", changes: [] })] })).title).toMatch(/already/);
});

test("a diff says what goes before what comes", () => {
  const change = { section: "labels", key: "k", before: "a", after: "b" };
  expect(diffOf([change, { ...change, before: null }, { ...change, after: null }]).map((one) => one.sign)).toEqual([
    "-",
    "+",
    "+",
    "-",
  ]);
});

test("writes stand by cluster", () => {
  const found = byContext([write(), FAILED, write({ name: "reviews" })]);
  expect([...found].map(([context, own]) => [context, own.length])).toEqual([
    ["cluster1", 2],
    ["cluster2", 1],
  ]);
  expect(subjectOf(write())).toBe("service/details in bookinfo");
  expect(subjectOf({ kind: "Namespace", namespace: null, name: "bookinfo" })).toBe("namespace/bookinfo");
});

test("a plan that a server would refuse, or that changes nothing, is no plan to agree to", () => {
  expect([isRefused(plan().report), changesAnything(plan().report)]).toEqual([false, true]);
  expect(isRefused(report({ writes: [write(), FAILED] }))).toBe(true);
  expect(changesAnything(report({ writes: [write({ changes: [] })] }))).toBe(false);
});
