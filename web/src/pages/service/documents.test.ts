import { expect, test } from "vitest";
import type { ServiceDetail } from "../../api/dashboard";
import { chosen, type Tab, tabsOf } from "./documents";

const DETAIL = {
  entries: [
    { context: "a", kind: "WorkloadEntry", name: "w", yaml: "w" },
    { context: "a", kind: "ServiceEntry", name: "e", yaml: "ea" },
    { context: "b", kind: "ServiceEntry", name: "e", yaml: "eb" },
  ],
  objects: [
    { context: "a", kind: "Namespace", name: "n", labels: {}, annotations: {}, yaml: "na" },
    { context: "a", kind: "Service", name: "s", labels: {}, annotations: {}, yaml: "sa" },
  ],
} as unknown as ServiceDetail;

test("generated entries come first, each kind once", () => {
  expect(tabsOf(DETAIL).map((tab) => [tab.kind, tab.sheets.map((sheet) => sheet.label)])).toEqual([
    ["ServiceEntry", ["a: e", "b: e"]],
    ["Service", ["a: s"]],
    ["Namespace", ["a: n"]],
    ["WorkloadEntry", ["a: w"]],
  ]);
});

test("what was chosen stays chosen; when it is gone, its cluster counts", () => {
  const [entries] = tabsOf(DETAIL) as [Tab];
  expect(chosen(entries, "b: e")?.yaml).toBe("eb");
  expect(chosen(entries, "b: renamed")?.yaml).toBe("eb");
  expect(chosen(entries, "")?.yaml).toBe("ea");
  expect(chosen({ kind: "x", sheets: [] }, "a: e")).toBeUndefined();
});
