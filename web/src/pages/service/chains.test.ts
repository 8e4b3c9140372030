import { expect, test } from "vitest";
import type { Chain, ChainLink } from "../../api/types";
import { alike, parted, withoutCause } from "./chains";

const ok = { name: "reachable", outcome: "ok", message: "" } as ChainLink;
const broken = { name: "scope", outcome: "broken", message: "not published" } as ChainLink;
const unchecked = { name: "entry", outcome: "not checked", message: "", level: "unknown" } as ChainLink;
const idle = { ...unchecked, message: "there is no Service here", level: null } as ChainLink;
const waived = { ...broken, waived: "known" } as ChainLink;

function chain(context: string, ...links: ChainLink[]): Chain {
  return { context, links } as Chain;
}

test("clusters that say the same stand together, broken ones first", () => {
  const found = alike([
    chain("one", ok),
    chain("two", ok, unchecked),
    chain("three", ok, broken),
    chain("four", ok),
    chain("five", ok, idle),
  ]);
  expect(found.map((each) => each.contexts)).toEqual([["three"], ["two"], ["one", "four"], ["five"]]);
  expect(found.map((each) => each.broken)).toEqual([broken, null, null, null]);
  expect(found.map((each) => each.isUnclear)).toEqual([false, true, false, false]);
  expect(found.map((each) => each.isFine)).toEqual([false, false, true, false]);
});

test("a broken link that is waived breaks no chain, and is not called fine", () => {
  const [found] = alike([chain("one", ok, waived)]);
  expect(found?.broken).toBeNull();
  expect(found?.isFine).toBe(false);
});

test("without a cause it is said whether all was checked", () => {
  expect(withoutCause([chain("one", ok)])).toBe("No broken link found.");
  expect(withoutCause([chain("one", ok, unchecked)])).toBe("No broken link found; some could not be checked.");
  expect(withoutCause([chain("one", waived)])).toBe("What is broken is waived.");
});

test("what comes after the first broken link was not looked at", () => {
  expect(parted([ok, broken, unchecked])).toEqual({ seen: [ok, broken], after: ["entry"] });
  expect(parted([ok, unchecked])).toEqual({ seen: [ok, unchecked], after: [] });
});

test("chains that are broken alike are one, with one command for their clusters", () => {
  const mend = (context: string) => ({ ...broken, remedy: `meshglobal expose svc x -n y --context ${context}` });
  const [found, ...rest] = alike([chain("one", ok, mend("one")), chain("two", ok, mend("two"))]);
  expect(rest).toEqual([]);
  expect(found?.contexts).toEqual(["one", "two"]);
  expect(found?.ways).toEqual(["meshglobal expose svc x -n y --context one,two"]);
});
