import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = new URL(".", import.meta.url).pathname;
const FORBIDDEN = [
  /\.(inner|outer)HTML\b/,
  /insertAdjacentHTML|createContextualFragment|DOMParser|parseFromString|setHTML/,
  /dangerouslySetInnerHTML/,
  /document\.write/,
  /\beval\(|new Function\(/,
  /setAttribute\(\s*["'](style|on\w+)/,
  /style="/,
  /https?:\/\/(?!127\.0\.0\.1)/,
];

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|tsx|css)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const ALL = sources(ROOT).map((path) => [path.slice(ROOT.length), readFileSync(path, "utf8")] as const);

test("nothing is ever parsed as HTML or run as code, and nothing comes from elsewhere", () => {
  const found = ALL.filter(([path]) => path !== "api/types.ts").flatMap(([path, text]) =>
    FORBIDDEN.filter((one) => one.test(text)).map((one) => `${path}: ${one}`),
  );
  expect(found).toEqual([]);
});

test("the rule sees what it forbids", () => {
  for (const bad of ["a.innerHTML = b", "<p dangerouslySetInnerHTML={x} />", "https://cdn.example/x.js"])
    expect(FORBIDDEN.some((one) => one.test(bad))).toBe(true);
});

test("files stay small", () => {
  const long = ALL.filter(([path, text]) => path !== "api/types.ts" && text.split("\n").length > 250).map(
    ([path]) => path,
  );
  expect(long).toEqual([]);
  expect(ALL.length).toBeGreaterThan(40);
  expect(statSync(join(ROOT, "main.tsx")).isFile()).toBe(true);
});

test("each file says what it is for", () => {
  const silent = ALL.filter(([, text]) => !/^\s*\/\*/.test(text)).map(([path]) => path);
  expect(silent).toEqual([]);
});
