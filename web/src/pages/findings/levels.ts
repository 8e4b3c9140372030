/** How bad a finding is, as it is shown. */

import type { Level } from "../../api/types";
import type { Look } from "../../parts/states";

export const LEVEL_LOOKS: Readonly<Record<Level, Look>> = {
  error: { word: "Error", glyph: "✗", tone: "missing" },
  unknown: { word: "Unknown", glyph: "?", tone: "unknown" },
  warning: { word: "Warning", glyph: "!", tone: "partial" },
};

/** "2 errors", "1 unknown", "3 warnings". */
export function levelCount(level: Level, count: number): string {
  const word = level === "unknown" || count === 1 ? level : `${level}s`;
  return `${count} ${word}`;
}
