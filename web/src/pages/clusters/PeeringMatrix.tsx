/** The directed matrix: a real table, with the row and the column that are pointed at lit up. */
import "../../parts/tables.css";
import { memo } from "preact/compat";
import { useRef, useState } from "preact/hooks";
import type { Tie } from "../../api/types";
import { type Matrix, type MatrixRow, TIES } from "./matrix";

export type Size = "small" | "medium" | "large";

interface Pointed {
  row: number;
  column: number;
  /** Where the column is in the table, in pixels. */
  left: number;
  width: number;
}

export function PeeringMatrix({ matrix, size }: { matrix: Matrix; size: Size }) {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const point = (event: MouseEvent): void => setPointed(placeOf(event.target, frame.current));
  return (
    <>
      <p class="matrix-said" aria-hidden="true">
        {pointed ? sentenceOf(matrix, pointed) : "Point at a cell: the row says it about the column."}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys */}
      <section class="scrolled matrix-scroll" aria-label="Peering matrix" tabIndex={0}>
        <div class="matrix-frame" ref={frame}>
          {/* A band behind the table: a background of the column itself would have the browser draw all cells anew. */}
          {pointed ? <div class="matrix-column" style={{ left: pointed.left, width: pointed.width }} /> : null}
          {/* biome-ignore lint/a11y/useKeyWithMouseEvents: only lights up what is read in the cells anyway */}
          <table class={`matrix matrix-${size}`} onMouseOver={point} onMouseLeave={() => setPointed(null)}>
            <caption class="unseen">What each cluster (row) says about each peer (column)</caption>
            <Head contexts={matrix.contexts} />
            <Body rows={matrix.rows} />
          </table>
        </div>
      </section>
    </>
  );
}

/** The cell that is pointed at; null on the heads. */
function placeOf(target: EventTarget | null, frame: HTMLElement | null): Pointed | null {
  const cell = target instanceof Element ? target.closest<HTMLTableCellElement>("td, th") : null;
  const row = cell?.closest("tr")?.rowIndex ?? 0;
  if (cell === null || frame === null || row === 0 || cell.cellIndex === 0) return null;
  const { left, width } = cell.getBoundingClientRect();
  return { row: row - 1, column: cell.cellIndex - 1, left: left - frame.getBoundingClientRect().left, width };
}

const Head = memo(function Head({ contexts }: { contexts: readonly string[] }) {
  return (
    <thead>
      <tr>
        <td class="matrix-corner">
          <span aria-hidden="true">from ↓ to →</span>
        </td>
        {contexts.map((context) => (
          <th key={context} scope="col">
            <span class="matrix-name">{context}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
});

/** Ten thousand cells with a hundred clusters: drawn anew only when a cluster says something else. */
const Body = memo(function Body({ rows }: { rows: readonly MatrixRow[] }) {
  return (
    <tbody>
      {rows.map((row) => (
        <tr key={row.context}>
          <th scope="row">{row.context}</th>
          {row.ties.map((tie, index) => (
            <Cell key={rows[index]?.context} tie={tie} />
          ))}
        </tr>
      ))}
    </tbody>
  );
});

/** The glyph comes from the style sheet: ten thousand cells must each be a single element. */
function Cell({ tie }: { tie: Tie | null }) {
  return tie === null ? <td class="matrix-self">itself</td> : <td class={`tie tie-${tie}`}>{TIES[tie].word}</td>;
}

function sentenceOf(matrix: Matrix, { row, column }: Pointed): string {
  const [from, to] = [matrix.contexts[row], matrix.contexts[column]];
  const there = matrix.rows[row]?.ties[column];
  const back = matrix.rows[column]?.ties[row];
  if (!there || !back) return `${from}: itself`;
  return `${from} → ${to}: ${TIES[there].word} · ${to} → ${from}: ${TIES[back].word}`;
}
