import { expect, test } from "vitest";
import { paragraphsOf, spansOf } from "./prose";

test("blank lines part paragraphs, line ends do not", () => {
  expect(paragraphsOf("one\ntwo\n\n\nthree\n")).toEqual([
    [{ kind: "plain", text: "one two" }],
    [{ kind: "plain", text: "three" }],
  ]);
});

test("names and stress are told apart", () => {
  expect(spansOf("a `b*c*` *must* be, 2 * 3")).toEqual([
    { kind: "plain", text: "a " },
    { kind: "code", text: "b*c*" },
    { kind: "plain", text: " " },
    { kind: "stress", text: "must" },
    { kind: "plain", text: " be, 2 * 3" },
  ]);
});

test("what looks like HTML stays text", () => {
  expect(spansOf("<b>x</b>")).toEqual([{ kind: "plain", text: "<b>x</b>" }]);
});
