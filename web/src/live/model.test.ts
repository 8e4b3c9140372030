import { expect, test } from "vitest";
import type { Change } from "../api/dashboard";
import { cell, cluster, inventory, NO_COUNTS, service } from "../testing/samples";
import { HISTORY, rowsOf, withChange, withNews } from "./model";

const news = { version: 8, services: [], removed: [], summary: NO_COUNTS, clusters: null, exitCode: 0 };
const three = () => rowsOf(inventory([service("a"), service("b"), service("c")]), 7, null);

test("a delta puts changed services in their place, new ones at the end, and takes removed ones out", () => {
  const before = three();
  const changed = service("b", { cells: [cell({ state: "Missing" })] });
  const after = withNews(before, { ...news, services: [changed, service("d")], removed: ["bookinfo/a"] });
  expect([...after.services.keys()]).toEqual(["bookinfo/b", "bookinfo/c", "bookinfo/d"]);
  expect(after.services.get("bookinfo/b")).toBe(changed);
  expect(after.services.get("bookinfo/c")).toBe(before.services.get("bookinfo/c"));
  expect(before.services.size).toBe(3);
  expect(after.version).toBe(8);
});

test("news that is not newer changes nothing", () => {
  const before = three();
  expect(withNews(before, { ...news, version: 7, removed: ["bookinfo/a"] })).toBe(before);
});

test("clusters stay as they were where the news says nothing of them", () => {
  const before = three();
  expect(withNews(before, news).clusters).toBe(before.clusters);
  const clusters = [cluster("other")];
  expect(withNews(before, { ...news, clusters }).clusters).toBe(clusters);
});

test("services that are equal to those before stay the same objects when everything is asked for again", () => {
  const before = three();
  const after = rowsOf(inventory([service("a"), service("b", { aliases: ["other"] })]), 9, before);
  expect(after.services.get("bookinfo/a")).toBe(before.services.get("bookinfo/a"));
  expect(after.services.get("bookinfo/b")).not.toBe(before.services.get("bookinfo/b"));
  expect(after.services.has("bookinfo/c")).toBe(false);
});

test("the history is bounded, newest first", () => {
  let history: readonly Change[] = [];
  for (let count = 0; count < HISTORY + 10; count++) history = withChange(history, { time: String(count) } as Change);
  expect(history).toHaveLength(HISTORY);
  expect(history[0]?.time).toBe(String(HISTORY + 9));
});
