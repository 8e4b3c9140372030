import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./theme.css", import.meta.url), "utf8");
const COLOURS = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name,
    [light, dark],
  ]),
);

/** Relative luminance of WCAG 2. */
function luminance(colour: string): number {
  const parts = [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((one) =>
    one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function measured(front: string, back: string): number[] {
  return [0, 1].map((place) => contrast(COLOURS.get(front)?.[place] ?? "none", COLOURS.get(back)?.[place] ?? "none"));
}

const TONES = ["ready", "partial", "missing", "drift", "stale", "unknown", "none"];
const GROUNDS = ["ground", "raised", "sunken", "row-hover"];
const TEXTS = ["text", "muted", "accent", ...TONES.map((tone) => `tone-${tone}`)];
const PAIRS = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...TONES.map((tone) => [`tone-${tone}`, `tint-${tone}`] as const),
  ["on-accent", "accent"],
  ["warn-text", "warn-ground"],
] as const;

test.each(PAIRS)("%s stands out from %s as text must, light and dark", (front, back) => {
  for (const ratio of measured(front, back)) expect(ratio).toBeGreaterThanOrEqual(4.5);
});

test.each(["ground", "raised"])("the edges of fields stand out from %s", (back) => {
  for (const ratio of measured("line-strong", back)) expect(ratio).toBeGreaterThanOrEqual(3);
});
