import { expect, test } from "vitest";
import type { Direction, Tie } from "../../api/types";
import { brokenPairs, counts, matrixOf, troubled } from "./matrix";

function says(context: string, peer: string, state: Tie): Direction {
  return { context, peer, state } as Direction;
}

const PEERING = [
  says("a", "b", "linked"),
  says("b", "a", "missing"),
  says("a", "c", "linked"),
  says("c", "a", "linked"),
  says("b", "c", "unknown"),
];

test("a row says what its cluster says; what nobody said is unknown", () => {
  expect(matrixOf(["a", "b", "c"], PEERING).rows).toEqual([
    { context: "a", ties: [null, "linked", "linked"] },
    { context: "b", ties: ["missing", null, "unknown"] },
    { context: "c", ties: ["linked", "unknown", null] },
  ]);
});

test("a pair is shown once, the worse direction first", () => {
  expect(brokenPairs(["a", "b", "c"], PEERING)).toEqual([
    { context: "b", peer: "a", there: "missing", back: "linked" },
    { context: "b", peer: "c", there: "unknown", back: "unknown" },
  ]);
});

test("clusters between which all is linked are no trouble", () => {
  expect(troubled(["a", "b", "c"], PEERING)).toEqual(["a", "b", "c"]);
  expect(troubled(["a", "c"], [says("a", "c", "linked"), says("c", "a", "linked")])).toEqual([]);
});

test("directions are counted, the worst first", () => {
  expect(counts(PEERING)).toEqual([
    ["missing", 1],
    ["unknown", 1],
    ["linked", 3],
  ]);
});
