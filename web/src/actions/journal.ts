/** How a change of the journal ended, in words. Pure. */
import type { JournalEntry } from "../api/types";
import type { Look } from "../parts/states";

const RUNNING: Look = { word: "Running", glyph: "→", tone: "partial" };
const UNKNOWN: Look = { word: "End unknown", glyph: "?", tone: "unknown" };
const OUTCOMES: Readonly<Record<NonNullable<JournalEntry["outcome"]>, Look>> = {
  written: { word: "Written", glyph: "✓", tone: "ready" },
  partly: { word: "Partly written", glyph: "◐", tone: "missing" },
  nothing: { word: "Nothing written", glyph: "✗", tone: "none" },
  unknown: UNKNOWN,
};

export function outcomeLook(entry: JournalEntry): Look {
  if (entry.state === "running") return RUNNING;
  return entry.outcome === null ? UNKNOWN : OUTCOMES[entry.outcome];
}
