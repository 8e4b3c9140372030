/** The states, in words, glyphs and order. A state is never told by its colour alone. */
import type { State } from "../api/types";

/** How a state looks; `none`: no host is expected there. */
export interface Look {
  word: string;
  glyph: string;
  /** Of the CSS classes `state-…`. */
  tone: string;
}

export const LOOKS: Readonly<Record<State, Look>> = {
  Missing: { word: "Missing", glyph: "✗", tone: "missing" },
  Drift: { word: "Drift", glyph: "≠", tone: "drift" },
  Stale: { word: "Stale", glyph: "†", tone: "stale" },
  Partial: { word: "Partial", glyph: "◐", tone: "partial" },
  Unknown: { word: "Unknown", glyph: "?", tone: "unknown" },
  Ready: { word: "Ready", glyph: "✓", tone: "ready" },
};

export const NONE: Look = { word: "Not expected", glyph: "–", tone: "none" };

/** The worst first, as severities go: errors, warnings, what is not known, what is fine. */
export const WORST_FIRST: readonly State[] = ["Missing", "Drift", "Stale", "Partial", "Unknown", "Ready"];

export function lookOf(state: State | null): Look {
  return state === null ? NONE : LOOKS[state];
}

/** 0 for the worst; what is not expected anywhere comes last. */
export function rankOf(state: State | null): number {
  return state === null ? WORST_FIRST.length : WORST_FIRST.indexOf(state);
}

export function worstOf(states: Iterable<State | null>): State | null {
  let worst: State | null = null;
  for (const state of states) if (rankOf(state) < rankOf(worst)) worst = state;
  return worst;
}
