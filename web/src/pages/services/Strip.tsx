/** A service's clusters at a glance: by name where they are few, as glyphs where they are some, else counted. */
import type { Cell } from "../../api/types";
import { Glyph } from "../../parts/State";
import { lookOf, rankOf } from "../../parts/states";
import { countsOf } from "./counting";

/** So many at most are named where there is room: style sheets know how much there is. */
const NAMED = 4;
const SINGLE = 16;

export function Strip({ cells }: { cells: readonly Cell[] }) {
  const spoken = cells.map((cell) => `${cell.context} ${lookOf(cell.state).word}`).join(", ");
  return (
    <span class={cells.length <= 2 ? "strip" : "strip is-many"} title={cells.map(titleOf).join("\n")}>
      <span aria-hidden="true">{cells.length <= SINGLE ? <Each cells={cells} /> : <Counted cells={cells} />}</span>
      <span class="unseen">{cells.length <= SINGLE ? spoken : spokenCounts(cells)}</span>
    </span>
  );
}

function titleOf(cell: Cell): string {
  const word = `${cell.context}: ${lookOf(cell.state).word}`;
  return cell.reason === "" ? word : `${word}: ${cell.reason}`;
}

function Each({ cells }: { cells: readonly Cell[] }) {
  return (
    <>
      {cells.map((cell) => (
        <span key={cell.context} class="strip-one">
          <Glyph look={lookOf(cell.state)} />
          {cells.length <= NAMED ? <span class="strip-name">{cell.context}</span> : null}
        </span>
      ))}
    </>
  );
}

function Counted({ cells }: { cells: readonly Cell[] }) {
  return (
    <>
      {sortedCounts(cells).map(([state, count]) => (
        <span key={state} class="strip-one">
          <Glyph look={lookOf(state)} />
          {count}
        </span>
      ))}
    </>
  );
}

function sortedCounts(cells: readonly Cell[]) {
  return [...countsOf(cells)].sort(([one], [other]) => rankOf(one) - rankOf(other));
}

function spokenCounts(cells: readonly Cell[]): string {
  return sortedCounts(cells)
    .map(([state, count]) => `${count} ${lookOf(state).word}`)
    .join(", ");
}
