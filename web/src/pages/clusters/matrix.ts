/** The directed peering matrix: what each cluster (row) says about each peer (column). */

import type { Direction, Tie } from "../../api/types";
import type { Look } from "../../parts/states";

/** How a tie is shown. */
export const TIES: Readonly<Record<Tie, Look>> = {
  linked: { glyph: "✓", word: "linked", tone: "ready" },
  missing: { glyph: "✗", word: "missing", tone: "missing" },
  disconnected: { glyph: "≠", word: "disconnected", tone: "drift" },
  failed: { glyph: "!", word: "failed", tone: "missing" },
  unknown: { glyph: "?", word: "unknown", tone: "unknown" },
};

export interface MatrixRow {
  context: string;
  /** One for each column; null where a cluster would speak about itself. */
  ties: (Tie | null)[];
}

export interface Matrix {
  contexts: string[];
  rows: MatrixRow[];
}

/** A pair of clusters in which something other than "linked" is said, with both directions. */
export interface Pair {
  context: string;
  peer: string;
  there: Tie;
  back: Tie;
}

type Said = Map<string, Map<string, Tie>>;

/** Rows and columns in the order of `contexts`; what nobody said is unknown. */
export function matrixOf(contexts: readonly string[], peering: readonly Direction[]): Matrix {
  const said = saidOf(peering);
  const rows = contexts.map((context) => ({
    context,
    ties: contexts.map((peer) => (peer === context ? null : tie(said, context, peer))),
  }));
  return { contexts: [...contexts], rows };
}

/** Only the clusters that say, or of which is said, anything but "linked". */
export function troubled(contexts: readonly string[], peering: readonly Direction[]): string[] {
  const found = new Set<string>();
  for (const one of peering) {
    if (one.state !== "linked") {
      found.add(one.context).add(one.peer);
    }
  }
  return contexts.filter((context) => found.has(context));
}

/** Each pair once, the worst first, and the worse direction of each first; else in the order of `contexts`. */
export function brokenPairs(contexts: readonly string[], peering: readonly Direction[]): Pair[] {
  const said = saidOf(peering);
  const pairs: Pair[] = [];
  contexts.forEach((context, index) => {
    for (const peer of contexts.slice(index + 1)) {
      const there = tie(said, context, peer);
      const back = tie(said, peer, context);
      if (there !== "linked" || back !== "linked") {
        pairs.push(
          severity(there) >= severity(back)
            ? { context, peer, there, back }
            : { context: peer, peer: context, there: back, back: there },
        );
      }
    }
  });
  return pairs.sort((a, b) => severity(b.there) - severity(a.there) || severity(b.back) - severity(a.back));
}

/** How many directions are in each state; only those that occur, the worst first. */
export function counts(peering: readonly Direction[]): [Tie, number][] {
  const found = new Map<Tie, number>();
  for (const one of peering) {
    found.set(one.state, (found.get(one.state) ?? 0) + 1);
  }
  return [...found].sort(([a], [b]) => severity(b) - severity(a));
}

const BY_SEVERITY: readonly Tie[] = ["linked", "unknown", "disconnected", "failed", "missing"];

function severity(state: Tie): number {
  return BY_SEVERITY.indexOf(state);
}

function tie(said: Said, context: string, peer: string): Tie {
  return said.get(context)?.get(peer) ?? "unknown";
}

function saidOf(peering: readonly Direction[]): Said {
  const said: Said = new Map();
  for (const one of peering) {
    const row = said.get(one.context) ?? new Map<string, Tie>();
    row.set(one.peer, one.state);
    said.set(one.context, row);
  }
  return said;
}
