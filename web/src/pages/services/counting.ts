/** How many of something are in which state. Pure. */
import type { State } from "../../api/types";

export function countsOf(things: Iterable<{ readonly state: State | null }>): Map<State | null, number> {
  const counts = new Map<State | null, number>();
  for (const { state } of things) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}
