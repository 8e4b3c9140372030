import { beforeEach, expect, test, vi } from "vitest";
import { forgetToken, keepToken, onNewToken, takeToken } from "./token";

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "/services?q=a");
});

test("the token is taken out of the address at once, and kept", () => {
  history.replaceState(null, "", "/services?q=a#token=abc-123_~.");
  expect(takeToken()).toBe("abc-123_~.");
  expect(location.href).not.toContain("token");
  expect(location.pathname + location.search).toBe("/services?q=a");
  expect(takeToken()).toBe("abc-123_~.");
});

test("without a token there is none, and what cannot be one is not kept", () => {
  expect(takeToken()).toBeNull();
  history.replaceState(null, "", "/#token=%0Aé");
  expect(keepToken("with space")).toBe(false);
  expect(keepToken("")).toBe(false);
  expect(keepToken("é")).toBe(false);
});

test("a token that is refused is forgotten, but not the one that another tab has brought", () => {
  keepToken("old");
  expect(forgetToken("old")).toBe(false);
  expect(takeToken()).toBeNull();
  keepToken("new");
  expect(forgetToken("old")).toBe(true);
  expect(takeToken()).toBe("new");
});

test("the token from before comes back when the one that somebody was led here with is refused", () => {
  keepToken("good");
  history.replaceState(null, "", "/#token=forced");
  expect(takeToken()).toBe("forced");
  expect(forgetToken("forced")).toBe(true);
  expect(takeToken()).toBe("good");
  expect(forgetToken("good")).toBe(false);
  expect(takeToken()).toBeNull();
});

test("a token that comes later is noticed, in the address and from another tab", () => {
  const told = vi.fn();
  onNewToken(told);
  history.replaceState(null, "", "/#token=later");
  dispatchEvent(new Event("hashchange"));
  expect(told).toHaveBeenCalledTimes(1);
  dispatchEvent(new StorageEvent("storage", { key: "meshglobal-token", newValue: "x" }));
  dispatchEvent(new StorageEvent("storage", { key: "meshglobal-theme", newValue: "dark" }));
  dispatchEvent(new StorageEvent("storage", { key: "meshglobal-token", newValue: null }));
  expect(told).toHaveBeenCalledTimes(2);
});
