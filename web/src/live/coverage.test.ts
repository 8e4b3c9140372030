import { expect, test } from "vitest";
import { cluster, lostCluster } from "../testing/samples";
import { coverageOf, sentenceOf } from "./coverage";

const forbidden = { cause: "forbidden", message: "may not list segments", nextStep: "" } as const;
const partly = cluster("c2", { unread: [{ kind: "Segment", namespace: null, failure: forbidden }] });

test("clusters that were read completely leave no hole", () => {
  expect(sentenceOf(coverageOf([cluster("c1"), cluster("c3")]))).toBe("All 2 clusters were read.");
});

test("a cluster that was not reached and one that was read in part are named with their reasons", () => {
  const coverage = coverageOf([cluster("c1"), partly, lostCluster("c3")]);
  expect(coverage).toMatchObject({ clusters: 3, read: 1 });
  expect(coverage.holes.map((hole) => [hole.context, hole.isWhole, hole.kinds])).toEqual([
    ["c2", false, ["Segment"]],
    ["c3", true, []],
  ]);
  expect(sentenceOf(coverage)).toBe("2 of 3 clusters could not be read: c2 (forbidden: Segment), c3 (timeout).");
});

test("only parts that could not be read are not called whole clusters", () => {
  expect(sentenceOf(coverageOf([partly]))).toBe(
    "1 of 1 cluster could not be read completely: c2 (forbidden: Segment).",
  );
});

test("of very many only the first are named", () => {
  const all = Array.from({ length: 9 }, (_, place) => lostCluster(`c${place}`));
  expect(sentenceOf(coverageOf(all))).toContain("c3 (timeout), and 5 more.");
});

test("no cluster is not called all clusters", () => {
  expect(sentenceOf(coverageOf([]))).toBe("No cluster has been read yet.");
});
