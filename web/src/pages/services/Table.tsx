/**
 * The table: a real one for readers of screens, of which only the rows in sight are drawn.
 *
 * The roles are written out, because browsers forget them where the style sheet lays rows out as cards.
 */
import { memo } from "preact/compat";
import { useRef } from "preact/hooks";
import { Glyph, State } from "../../parts/State";
import { lookOf } from "../../parts/states";
import { useSight } from "../../parts/useSight";
import { setQuery } from "../../router";
import type { Heading, Line } from "./arrange";
import { CELLS, labelOf } from "./columns";
import { useColumns } from "./room";
import type { Row } from "./rows";
import { useRowKeys } from "./useRowKeys";
import { type Column, type Kind, sortPatch, type View } from "./view";

export function Table({ lines, view, caption }: { lines: readonly Line[]; view: View; caption: string }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const head = useRef<HTMLTableSectionElement>(null);
  const sight = useSight(body, lines.length, () => coveredBy(head.current));
  useRowKeys(body, lines, sight.reveal);
  const columns = useColumns(view.kind);
  return (
    <table
      role="table"
      class={`services by-${view.kind}${columns.includes("reason") ? " has-reason" : ""}`}
      aria-rowcount={lines.length + 1}
      aria-label={caption}
    >
      <thead role="rowgroup" ref={head}>
        <tr role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <Head key={column} column={column} view={view} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        <Space height={sight.before} span={columns.length} />
        {lines.slice(sight.start, sight.end).map((line, place) => (
          <LineView key={line.id} line={line} index={sight.start + place} kind={view.kind} columns={columns} />
        ))}
        <Space height={sight.after} span={columns.length} />
      </tbody>
    </table>
  );
}

function Head({ column, view }: { column: Column; view: View }) {
  const isSorted = view.sort === column;
  const order = view.isDescending ? "descending" : "ascending";
  return (
    <th role="columnheader" scope="col" class={`col-${column}`} aria-sort={isSorted ? order : undefined}>
      <button type="button" onClick={() => setQuery(sortPatch(view, column))}>
        {labelOf(column, view.kind)}
        <span class="arrow" aria-hidden="true">
          {isSorted ? (view.isDescending ? "▼" : "▲") : ""}
        </span>
      </button>
    </th>
  );
}

/** Stands for the lines that are not drawn. */
function Space({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr class="space" aria-hidden="true">
      <td colSpan={span} style={{ height: `${height}px` }} />
    </tr>
  );
}

interface LineOrder {
  line: Line;
  index: number;
  kind: Kind;
  columns: readonly Column[];
}

function LineView({ line, ...rest }: LineOrder) {
  return line.kind === "row" ? <RowView row={line.row} {...rest} /> : <GroupView heading={line} {...rest} />;
}

/** Drawn again only when its row is another one: rows of services that did not change stay the same object. */
const RowView = memo(function RowView({ row, index, kind, columns }: Omit<LineOrder, "line"> & { row: Row }) {
  const changes = useChanges(row.service);
  // Two names by turns: an animation begins anew only under another name.
  const fresh = changes === 0 ? "" : changes % 2 === 0 ? " is-fresh-again" : " is-fresh";
  return (
    <tr role="row" class={`line${fresh}`} aria-rowindex={index + 2} data-index={index} data-id={row.id}>
      {columns.map((column) => (
        <td key={column} role="cell" class={`col-${column}`} data-label={labelOf(column, kind)}>
          {CELLS[column](row)}
        </td>
      ))}
    </tr>
  );
});

/** How often something has been another object since it was first drawn. */
function useChanges(thing: unknown): number {
  const seen = useRef({ thing, count: 0 });
  if (seen.current.thing !== thing) seen.current = { thing, count: seen.current.count + 1 };
  return seen.current.count;
}

function GroupView({ heading, index, columns }: Omit<LineOrder, "line" | "kind"> & { heading: Heading }) {
  const [only] = heading.counts;
  const isOfState = heading.counts.length === 1 && only !== undefined && lookOf(only[0]).word === heading.label;
  return (
    <tr role="row" class="line group" aria-rowindex={index + 2} data-index={index}>
      <th role="rowheader" scope="rowgroup" colSpan={columns.length}>
        {isOfState ? <State state={only[0]} /> : <bdi>{heading.label}</bdi>}{" "}
        <span class="muted group-count">{heading.count}</span>
        {isOfState
          ? null
          : heading.counts.map(([state, count]) => (
              <span key={state} class="strip-one">
                <Glyph look={lookOf(state)} label={lookOf(state).word} /> {count}
              </span>
            ))}
      </th>
    </tr>
  );
}

/** How far down the screen something stays above the rows: the page's header, and the table's head where it has one. */
function coveredBy(head: HTMLElement | null): number {
  const parts = [document.querySelector("header.top"), head?.querySelector("th")];
  return Math.max(0, ...parts.map((part) => part?.getBoundingClientRect().bottom ?? 0));
}
