import { expect, test } from "vitest";
import { cell, service, unreadCell } from "../testing/samples";
import { firstWish, NOTHING, problemOf, questionOf, UNSET, type Wish } from "./wish";

const DETAILS = { kind: "svc", namespace: "bookinfo", name: "details", isFixed: true } as const;
const PLACES = ["cluster1", "cluster2", "cluster3"].map((context) => ({ context, isLost: false, isProtected: false }));

function wish(over: Partial<Wish> = {}): Wish {
  return { ...firstWish(DETAILS, PLACES, null), ...over };
}

test("what is not global is exposed, what is is set; a scope that keeps it in its cluster is none", () => {
  expect(firstWish(DETAILS, PLACES, null).action).toBe("expose");
  expect(firstWish(DETAILS, PLACES, service("details")).action).toBe("set");
  const kept = service("details", { cells: [cell({ scope: "cluster" }), unreadCell("cluster2")] });
  expect(firstWish(DETAILS, PLACES, kept).action).toBe("expose");
});

test("clusters that are lost, or do not have the service, are not chosen by themselves", () => {
  const places = PLACES.map((place) => ({ ...place, isLost: place.context === "cluster2" }));
  const found = service("details", { cells: [cell(), cell({ context: "cluster3", present: false })] });
  expect(firstWish(DETAILS, places, found).contexts).toEqual(["cluster1"]);
});

test("of a cluster in which it is not known whether it has the service, one may choose", () => {
  const found = service("details", { cells: [unreadCell("cluster1")] });
  expect(firstWish(DETAILS, PLACES, found).contexts).toContain("cluster1");
});

test("what is missing is said before anything is asked", () => {
  expect(problemOf(wish())).toBeNull();
  expect(problemOf({ ...wish(), ...NOTHING })).toBe("Name the service's namespace.");
  expect(problemOf(wish({ name: " , " }))).toBe("Name the service.");
  expect(problemOf(wish({ kind: "ns", name: "" }))).toBe("Name the namespace.");
  expect(problemOf(wish({ contexts: [] }))).toBe("Choose at least one cluster.");
  expect(problemOf(wish({ action: "set" }))).toMatch(/^Choose a takeover/);
  expect(problemOf(wish({ action: "set", takeover: "off" }))).toBeNull();
  expect(problemOf(wish({ action: "set", kind: "ns", distribution: "Any" }))).toMatch(/^Choose a takeover/);
});

test("what is asked has only what belongs to the action", () => {
  const all = { scope: "segment", takeover: "on", distribution: "Any", optOut: true, purge: true } as const;
  const question = (over: Partial<Wish>) => questionOf(wish({ ...all, ...over }));
  expect(question({ action: "expose", contexts: ["cluster1"] })).toEqual({
    action: "expose",
    kind: "svc",
    namespace: "bookinfo",
    names: ["details"],
    contexts: ["cluster1"],
    scope: "segment",
    takeover: true,
    distribution: "Any",
    overwrite: false,
    optOut: false,
    purge: false,
  });
  expect(question({ action: "unexpose" })).toMatchObject({
    scope: null,
    takeover: null,
    distribution: null,
    purge: true,
  });
  expect(question({ action: "set", distribution: UNSET })).toMatchObject({ scope: null, distribution: UNSET });
  expect(question({ action: "expose", distribution: UNSET })).toMatchObject({ distribution: null });
  expect(question({ kind: "ns", name: "one, two" })).toMatchObject({
    namespace: null,
    names: ["one", "two"],
    distribution: null,
  });
});
