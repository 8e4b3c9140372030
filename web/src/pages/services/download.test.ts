import { expect, test } from "vitest";
import { cell, service } from "../../testing/samples";
import { csvOf, jsonOf } from "./download";
import { clusterRows, serviceRow } from "./rows";

const setup = { segments: new Map<string, string>(), defaultDistribution: "PreferNetwork" };
const BAD = 'a "quoted", reason\nof two lines';
const two = service("details", { cells: [cell(), cell({ context: "cluster2", state: "Missing", reason: BAD })] });

/** A reader of RFC 4180, written apart from the writer. */
function read(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, quoted = "", end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    line.push(quoted.replaceAll('""', '"'));
    if (end === "\r\n") {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

test("the table of services is read again as it was written", () => {
  const [head = [], line = []] = read(csvOf([serviceRow(two, setup)], "services"));
  expect(Object.fromEntries(head.map((name, place) => [name, line[place]]))).toEqual({
    state: "Missing",
    hosts: "details.bookinfo.mesh.internal",
    namespace: "bookinfo",
    service: "details",
    segments: "",
    clusters: "cluster1=Ready cluster2=Missing",
    endpoints: "2/2",
    takeover: "no",
    distribution: "(PreferNetwork)",
    "newest entry": "2026-01-01T00:00:00Z",
    reason: `cluster2: ${BAD}`,
  });
});

test("the table of clusters has a line for each", () => {
  const lines = read(csvOf(clusterRows(two, setup), "clusters"));
  expect(lines.map((line) => line[5])).toEqual(["cluster", "cluster1", "cluster2"]);
  expect(new Set(lines.map((line) => line.length))).toEqual(new Set([13]));
});

test.each(["=HYPERLINK(1)", "+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"])(
  "no spreadsheet takes %j for a formula",
  (text) => {
    const evil = service(text, { hosts: [text], cells: [cell({ state: "Drift", reason: text })] });
    const csv = csvOf([serviceRow(evil, setup)], "services");
    expect(csv).toContain(`"'${text}"`);
    expect(csv).not.toContain(`"${text}"`);
  },
);

test("JSON has the services that are shown, with the clusters that are shown", () => {
  const rows = clusterRows(two, setup).filter((row) => row.context === "cluster2");
  const document = JSON.parse(jsonOf(rows, { clusters: [] }));
  expect(document).toMatchObject({ apiVersion: "meshglobal.dev/v1", kind: "Inventory", clusters: [] });
  expect(document.services).toEqual([{ ...two, cells: [two.cells[1]] }]);
});
