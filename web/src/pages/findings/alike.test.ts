import { expect, test } from "vitest";
import type { Evidence, Finding } from "../../api/types";
import { alike } from "./alike";

function finding(context: string | null, over: Partial<Finding> = {}): Finding {
  return {
    code: "MG107",
    slug: "takeover-prefers-network",
    level: "warning",
    message: "takeover with PreferNetwork",
    remedy: `meshglobal expose svc ratings -n bookinfo --context ${context} --overwrite`,
    context,
    namespace: "bookinfo",
    service: "ratings",
    evidence: [],
    rule: "R27",
    ...over,
  };
}

test("what is worded alike is said once, with all of its clusters, and one command for them", () => {
  const [found, ...rest] = alike([finding("a"), finding("b"), finding("a")]);
  expect(rest).toEqual([]);
  expect(found).toMatchObject({
    message: "takeover with PreferNetwork",
    count: 3,
    places: [{ namespace: "bookinfo", service: "ratings", contexts: ["a", "b"] }],
    ways: ["meshglobal expose svc ratings -n bookinfo --context a,b --overwrite"],
  });
});

test("a command that ends with its cluster is put together as well", () => {
  const call = (context: string) => finding(context, { remedy: `meshglobal diagnose svc x --context ${context}` });
  expect(alike([call("a"), call("b")])[0]?.ways).toEqual(["meshglobal diagnose svc x --context a,b"]);
});

test("commands of other programs stay as they are", () => {
  const remedy = (context: string) => `kubectl --context ${context} version`;
  const found = alike([finding("a", { remedy: remedy("a") }), finding("b", { remedy: remedy("b") })]);
  expect(found[0]?.ways).toEqual(["kubectl --context a version", "kubectl --context b version"]);
});

test("other words, other services and the mesh stand apart", () => {
  const mesh = { context: null, namespace: null, service: null, remedy: "", evidence: [{ context: "c" } as Evidence] };
  const found = alike([
    finding("a"),
    finding("a", { service: "reviews" }),
    finding(null, mesh),
    finding("a", { message: "x" }),
  ]);
  expect(found.map((one) => one.places.map((place) => [place.service, place.contexts]))).toEqual([
    [
      ["ratings", ["a"]],
      ["reviews", ["a"]],
      [null, ["c"]],
    ],
    [["ratings", ["a"]]],
  ]);
});

test("what several saw alike is shown once", () => {
  const seen = { context: "a", kind: "Segment", name: "east" } as Evidence;
  expect(alike([finding("a", { evidence: [seen] }), finding("b", { evidence: [{ ...seen }] })])[0]?.evidence).toEqual([
    seen,
  ]);
});
