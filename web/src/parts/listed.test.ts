import { expect, test } from "vitest";
import { listed } from "./listed";

test("few names are all told, of many the first and how many more", () => {
  expect(listed([])).toBe("");
  expect(listed(["a", "b", "c", "d", "e"])).toBe("a, b, c, d, e");
  expect(listed(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d and 2 others");
});
