/** j and k go from row to row, wherever one is; arrows do where a row has the focus. Back brings the row back. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { useKeys } from "../../keys";
import type { Line } from "./arrange";
import { landed, leftAt } from "./focus";

/** Call it where the lines are drawn; `reveal` brings one in sight. */
export function useRowKeys(
  body: { current: HTMLElement | null },
  lines: readonly Line[],
  reveal: (index: number) => void,
): void {
  const here = useRef(-1);
  const isComing = useRef(false);
  const focus = (index: number): void => {
    here.current = index;
    reveal(index);
    isComing.current = true;
    // The row may only now be in sight, and is drawn after this. Meanwhile another key may have come.
    requestAnimationFrame(() => {
      isComing.current = false;
      body.current?.querySelector<HTMLElement>(`[data-index="${here.current}"] a`)?.focus({ preventScroll: true });
    });
  };
  const move = (step: 1 | -1): boolean => {
    const from = isComing.current ? here.current : (focusedIndex(body.current) ?? here.current);
    let to = from + step;
    while (lines[to]?.kind === "group") to += step;
    if (lines[to] === undefined) return false;
    focus(to);
    return true;
  };
  const moveHere = (step: 1 | -1): boolean => focusedIndex(body.current) !== null && move(step);
  useKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => moveHere(1), ArrowUp: () => moveHere(-1) });
  useLayoutEffect(() => {
    const place = landed();
    const index = place === null ? -1 : lines.findIndex((line) => line.kind === "row" && line.row.id === place.id);
    if (place !== null) window.scrollTo(0, place.scroll);
    if (index >= 0) focus(index);
    return () => leftAt(focusedId(body.current));
  }, []);
}

function focusedIndex(body: HTMLElement | null): number | null {
  const line = focusedLine(body);
  return line === null ? null : Number(line.dataset.index);
}

function focusedId(body: HTMLElement | null): string {
  return focusedLine(body)?.dataset.id ?? "";
}

function focusedLine(body: HTMLElement | null): HTMLElement | null {
  const line = document.activeElement?.closest<HTMLElement>("[data-index]") ?? null;
  return body?.contains(line) ? line : null;
}
