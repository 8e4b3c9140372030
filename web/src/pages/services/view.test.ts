import { expect, test } from "vitest";
import { hrefOf, patched } from "../../address";
import { columnsFor } from "./room";
import { isFiltered, NO_FILTER, sortPatch, statePatch, viewOf } from "./view";

const view = (query = "") => viewOf(new URLSearchParams(query));

test("an empty address shows all services, the worst first", () => {
  expect(view()).toEqual({
    kind: "services",
    words: [],
    namespace: "",
    segment: "",
    cluster: "",
    states: [],
    sort: "state",
    isDescending: false,
    group: null,
  });
  expect(isFiltered(view())).toBe(false);
});

test("all of a view stands in the address", () => {
  const asked = view(
    "view=clusters&q=Details++CLUSTER1&ns=a&segment=b&cluster=c&state=missing&state=drift&sort=-age&group=state",
  );
  expect(asked).toMatchObject({
    kind: "clusters",
    words: ["details", "cluster1"],
    namespace: "a",
    segment: "b",
    cluster: "c",
    states: ["Missing", "Drift"],
    sort: "age",
    isDescending: true,
    group: "state",
  });
  expect(isFiltered(asked)).toBe(true);
});

test("what an address says illegibly counts as not said", () => {
  expect(view("view=nonsense&sort=-constructor&group=toString&state=great")).toEqual(view());
  expect(view("sort=scope").sort).toBe("state");
  expect(view("view=clusters&sort=scope").sort).toBe("scope");
});

test("a column sorts, then the other way round, then again", () => {
  expect(sortPatch(view(), "host")).toEqual({ sort: "host" });
  expect(sortPatch(view("sort=host"), "host")).toEqual({ sort: "-host" });
  expect(sortPatch(view("sort=-host"), "host")).toEqual({ sort: "host" });
  expect(sortPatch(view("sort=host"), "state")).toEqual({ sort: null });
});

test("states are switched one by one", () => {
  expect(statePatch(view(), "Drift")).toEqual({ state: ["drift"] });
  expect(statePatch(view("state=drift"), "Missing")).toEqual({ state: ["missing", "drift"] });
  expect(statePatch(view("state=drift"), "Drift")).toEqual({ state: [] });
});

test("showing all keeps how it is sorted and grouped", () => {
  const query = patched(new URLSearchParams("q=a&state=drift&sort=age&group=state&view=clusters"), NO_FILTER);
  expect(hrefOf({ page: "services" }, Object.fromEntries(query))).toBe("/services?sort=age&group=state&view=clusters");
});

test("what is less important goes where there is less room, and segments where nobody has one", () => {
  expect(columnsFor("services", "wide", true)).toContain("segment");
  expect(columnsFor("services", "wide", false)).not.toContain("segment");
  expect(columnsFor("services", "little", true)).toEqual(["state", "host", "namespace", "cluster", "endpoints", "age"]);
  expect(columnsFor("clusters", "little", true)).toContain("reason");
});
