import { expect, test } from "vitest";
import { ageOf } from "./ages";
import { lookOf, rankOf, WORST_FIRST, worstOf } from "./states";
import { scrollTo, sightOf } from "./window";

test.each([
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [312, "5m12s"],
  [600, "10m"],
  [10_799, "179m"],
  [10_800, "3h"],
  [11_100, "3h5m"],
  [28_800, "8h"],
  [172_800, "2d"],
  [176_400, "2d1h"],
  [691_200, "8d"],
  [63_072_000, "2y"],
  [63_072_000 + 86_400 * 3, "2y3d"],
  [-5, "0s"],
])("%d seconds are %s", (seconds, text) => {
  expect(ageOf(seconds)).toBe(text);
});

test("every state has a word and a glyph of its own", () => {
  expect(new Set(WORST_FIRST.map((state) => lookOf(state).glyph)).size).toBe(6);
  expect(new Set(WORST_FIRST.map((state) => lookOf(state).tone)).size).toBe(6);
});

test("the worst state speaks for all, what is not known comes before what is fine, nothing expected comes last", () => {
  expect(worstOf(["Ready", "Unknown", null])).toBe("Unknown");
  expect(worstOf(["Partial", "Stale", "Drift", "Missing"])).toBe("Missing");
  expect(worstOf([null])).toBeNull();
  expect(rankOf(null)).toBeGreaterThan(rankOf("Ready"));
});

const place = { count: 10_000, height: 40, above: 0, screen: 800 };

test("only the lines in sight are drawn, and some beyond the edges", () => {
  const top = sightOf(place);
  expect(top.start).toBe(0);
  expect(top.end).toBeGreaterThanOrEqual(20);
  expect(top.end).toBeLessThan(50);
  const middle = sightOf({ ...place, above: 200_000 });
  expect(middle.start).toBeLessThanOrEqual(5_000);
  expect(middle.end).toBeGreaterThanOrEqual(5_020);
  expect(middle.end - middle.start).toBeLessThan(60);
});

test.each([
  [{ ...place, above: 1e9 }],
  [{ ...place, above: -1e9 }],
  [{ ...place, count: 0 }],
  [{ ...place, count: 3, above: 5_000 }],
  [{ ...place, height: 0 }],
])("the sight stays within the list: %o", (odd) => {
  const { start, end } = sightOf(odd);
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(odd.count);
});

test("a line is scrolled to only where it is not in sight, and not below the head", () => {
  const at = { ...place, above: 4_000 };
  expect(scrollTo(105, at, 50)).toBe(0);
  expect(scrollTo(100, at, 50)).toBe(-50);
  expect(scrollTo(130, at, 50)).toBe(1_240 - 800);
});
