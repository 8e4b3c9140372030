import { expect, test } from "vitest";
import { linesOf } from "./yaml";

const ENTRY = `# what the control plane wrote
kind: ServiceEntry
metadata:
  labels:
    "a: b": 'x'
    solo.io/parent: details
spec:
  hosts:
  - details.bookinfo.mesh.internal
  ports:
  - number: 9080
    url: http://x:80/
note: |
  not: a key

  # not a comment
end: true
`;

test("the parts of each line are the line", () => {
  expect(linesOf(ENTRY).map((parts) => parts.map((part) => part.text).join(""))).toEqual(ENTRY.trimEnd().split("\n"));
});

test("keys are found, plain and quoted, after dashes too", () => {
  const keys = linesOf(ENTRY).flatMap((parts) => parts.filter((part) => part.kind === "key"));
  expect(keys.map((part) => part.text)).toEqual([
    "kind",
    "metadata",
    "labels",
    '"a: b"',
    "solo.io/parent",
    "spec",
    "hosts",
    "ports",
    "number",
    "url",
    "note",
    "end",
  ]);
});

test("what stands in a block of text is no key and no comment", () => {
  const lines = linesOf(ENTRY);
  const at = ENTRY.split("\n").indexOf("  not: a key");
  expect(lines.slice(at, at + 3).map((parts) => parts.map((part) => part.kind))).toEqual([
    ["value"],
    ["value"],
    ["value"],
  ]);
});
