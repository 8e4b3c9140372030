import { expect, test } from "vitest";
import type { Evidence, Finding, Waived } from "../../api/types";
import { choices, contextsOf, EVERYTHING, grouped, matches, subjectOf } from "./grouping";

function finding(over: Partial<Finding>): Finding {
  return {
    code: "MG107",
    slug: "takeover-prefers-network",
    level: "warning",
    message: "takeover with PreferNetwork",
    remedy: "",
    context: null,
    namespace: null,
    service: null,
    evidence: [],
    rule: "",
    ...over,
  };
}

const seen = (context: string) => ({ context, kind: "Service" }) as Evidence;
const doubt = finding({ namespace: "bookinfo", service: "ratings", evidence: [seen("cluster1"), seen("cluster2")] });
const error = finding({ code: "MG102", slug: "bad-scope", level: "error", context: "cluster2", message: "globl" });
const unread = finding({ code: "MG601", slug: "unreachable", level: "unknown", context: "cluster3", message: "gone" });

test("the worst stand first, and each code once", () => {
  const groups = grouped([doubt, error, unread, { ...doubt, service: "reviews" }], EVERYTHING);
  expect(groups.map((one) => [one.level, one.count, one.codes.map((code) => code.code)])).toEqual([
    ["error", 1, ["MG102"]],
    ["unknown", 1, ["MG601"]],
    ["warning", 2, ["MG107"]],
  ]);
});

test("filters by level, code, cluster, namespace and text are all held", () => {
  const all = [doubt, error, unread];
  const left = (filter: object) => all.filter((one) => matches(one, { ...EVERYTHING, ...filter }));
  expect(left({ level: "error" })).toEqual([error]);
  expect(left({ code: "MG107" })).toEqual([doubt]);
  expect(left({ context: "cluster2" })).toEqual([doubt, error]);
  expect(left({ ns: "bookinfo" })).toEqual([doubt]);
  expect(left({ q: "GLOBL" })).toEqual([error]);
  expect(left({ q: "bookinfo/ratings", level: "error" })).toEqual([]);
});

test("what is waived is filtered the same way", () => {
  const waived = { code: "MG107", subject: "bookinfo/ratings", reason: "known until May", level: "warning" } as Waived;
  expect(matches(waived, { ...EVERYTHING, q: "until may" })).toBe(true);
  expect(matches(waived, { ...EVERYTHING, level: "error" })).toBe(false);
});

test("a finding about the mesh is about each cluster in its evidence", () => {
  expect(contextsOf(doubt)).toEqual(["cluster1", "cluster2"]);
  expect(contextsOf(error)).toEqual(["cluster2"]);
});

test("a subject reads as on the command line", () => {
  expect(subjectOf(doubt)).toBe("bookinfo/ratings");
  expect(subjectOf(finding({ context: "a", namespace: "n", service: "s" }))).toBe("a n/s");
  expect(subjectOf(error)).toBe("cluster2");
});

test("choices keep what is chosen though nothing has it now", () => {
  expect(choices(["b", "a", null, "b"], "z")).toEqual(["a", "b", "z"]);
});
