import { expect, test } from "vitest";
import type { Cell } from "../../api/types";
import { basisOf, isReady, type Server, weights } from "./preference";

function server(context: string, network: string | null, isReady: boolean | null = true): Server {
  return { context, network, isReady };
}

const caller = { context: "a", network: "n1", mode: "PreferNetwork" };

test("the own network comes first, the others stand by", () => {
  const found = weights(caller, [server("a", "n1"), server("b", "n1"), server("c", "n2")]);
  expect(found).toEqual(["preferred", "preferred", "fallback"]);
});

test("where nobody near is ready, those far away share", () => {
  const found = weights(caller, [server("a", "n1", false), server("b", "n2"), server("c", "n3")]);
  expect(found).toEqual(["none", "even", "even"]);
});

test("what was not read decides nothing", () => {
  expect(weights(caller, [server("a", "n1", null), server("b", "n2")])).toEqual(["unknown", "unknown"]);
  expect(weights(caller, [server("b", null)])).toEqual(["unknown"]);
});

test("with Any all are alike", () => {
  const found = weights({ ...caller, mode: "any" }, [server("a", "n1"), server("b", "n2"), server("c", "n3", false)]);
  expect(found).toEqual(["even", "even", "none"]);
});

test("regions are not read, so PreferRegion is not guessed at", () => {
  expect(basisOf("PreferRegion")).toBe("elsewhere");
  expect(weights({ ...caller, mode: "PreferRegion" }, [server("a", "n1"), server("b", "n2", false)])).toEqual([
    "unknown",
    "none",
  ]);
});

test("the network is what PreferClose looks at first, whatever the letter case", () => {
  expect(basisOf("preferclose")).toBe("network");
  expect(basisOf("PREFERNETWORK")).toBe("network");
});

test("no Service means nobody ready; endpoints that were not read mean unknown", () => {
  expect(isReady({ present: false, endpoints: null } as Cell)).toBe(false);
  expect(isReady({ present: true, endpoints: null } as Cell)).toBeNull();
  expect(isReady({ present: true, endpoints: { ready: 0, total: 2 } } as Cell)).toBe(false);
  expect(isReady({ present: true, endpoints: { ready: 1, total: 2 } } as Cell)).toBe(true);
});
