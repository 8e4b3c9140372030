/** Which lines of a long list are in sight, so that only these are drawn. Pure. */

export interface Sight {
  /** Of the first line above which nothing is drawn. */
  start: number;
  /** Of the first line that is not drawn any more. */
  end: number;
}

export interface Place {
  count: number;
  /** Of each line, in pixels. */
  height: number;
  /** How far the list's beginning is above the screen's upper edge; negative: below it. */
  above: number;
  /** Height of the screen. */
  screen: number;
}

/** Lines beyond the edges, so that scrolling shows no gaps. */
const BEYOND = 12;
/** Steps in which the sight moves, so that not each pixel draws anew. */
const STEP = 4;

export function sightOf({ count, height, above, screen }: Place): Sight {
  if (height <= 0) return { start: 0, end: Math.min(count, 2 * BEYOND) };
  const first = Math.floor(above / height) - BEYOND;
  const last = Math.ceil((above + screen) / height) + BEYOND;
  const start = Math.max(0, Math.min(Math.floor(first / STEP) * STEP, count - 1));
  return { start, end: Math.max(start, Math.min(count, Math.ceil(last / STEP) * STEP)) };
}

/** How far to scroll so that a line is in sight: 0 where it is. `covered`: what the sticky head hides, in pixels. */
export function scrollTo(index: number, place: Place, covered: number): number {
  const top = index * place.height - place.above;
  if (top < covered) return top - covered;
  const below = top + place.height - place.screen;
  return Math.max(below, 0);
}
