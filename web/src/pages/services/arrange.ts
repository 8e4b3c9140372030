/** From all rows to the lines of the table: filter, count, sort, group. Pure. */
import type { State } from "../../api/types";
import { lookOf, rankOf, WORST_FIRST } from "../../parts/states";
import { countsOf } from "./counting";
import type { Row } from "./rows";
import type { Column, Group, View } from "./view";

export interface Heading {
  kind: "group";
  id: string;
  label: string;
  count: number;
  /** How many of its rows are in which state, the worst first. */
  counts: readonly (readonly [State | null, number])[];
}
/** `row` within a group: a row may stand in several. */
export interface RowLine {
  kind: "row";
  id: string;
  row: Row;
}
export type Line = Heading | RowLine;

export interface Arranged {
  lines: Line[];
  /** The rows, each once, in their order. */
  rows: Row[];
  /** Rows by state, the filter by state aside. */
  counts: ReadonlyMap<State | null, number>;
}

export function arranged(all: readonly Row[], view: View): Arranged {
  const left = all.filter((row) => isWanted(row, view));
  const wanted = view.states.length === 0 ? left : left.filter((row) => isOneOf(row.state, view.states));
  const rows = sorted(wanted, view);
  return { rows, lines: view.group === null ? rows.map(lineOf) : grouped(rows, view.group), counts: countsOf(left) };
}

function isOneOf(state: State | null, states: readonly State[]): boolean {
  return state !== null && states.includes(state);
}

/** Everything but the state. */
function isWanted(row: Row, view: View): boolean {
  if (view.namespace !== "" && row.service.namespace !== view.namespace) return false;
  if (view.segment !== "" && !row.segments.includes(view.segment)) return false;
  if (view.cluster !== "" && !row.cells.some((cell) => cell.context === view.cluster)) return false;
  return view.words.every((word) => row.text.includes(word));
}

type Key = string | number;

const KEYS: Readonly<Record<Column, (row: Row) => Key>> = {
  state: (row) => rankOf(row.state),
  host: (row) => row.hosts[0] ?? `${row.service.name}.${row.service.namespace}`,
  namespace: (row) => row.service.namespace,
  segment: (row) => row.segments.join(),
  cluster: (row) => row.context ?? row.cells.length,
  scope: (row) => row.cells[0]?.scope ?? "",
  endpoints: (row) => (row.endpoints.total === 0 ? -1 : row.endpoints.ready / row.endpoints.total),
  takeover: (row) => row.takeover.text,
  distribution: (row) => row.distribution.text,
  // Newest first: the age grows downwards. RFC 3339 in UTC sorts as text.
  age: (row) => -Date.parse(row.created ?? "1970-01-01T00:00:00Z"),
  reason: (row) => (row.reason === "" ? "\uffff" : row.reason),
};

/** By the column; where it is the same, by namespace, name and cluster, so that nothing jumps about. */
function sorted(rows: readonly Row[], view: View): Row[] {
  const key = KEYS[view.sort];
  const sign = view.isDescending ? -1 : 1;
  // Each key is worked out once: there may be tens of thousands of rows, ten times a second.
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  keyed.sort((one, other) => sign * compared(one.key, other.key) || compared(one.row.id, other.row.id));
  return keyed.map(({ row }) => row);
}

function compared(one: Key, other: Key): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function lineOf(row: Row): RowLine {
  return { kind: "row", id: row.id, row };
}

function grouped(rows: readonly Row[], group: Group): Line[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows)
    for (const label of labelsOf(row, group)) {
      const there = groups.get(label);
      if (there === undefined) groups.set(label, [row]);
      else there.push(row);
    }
  const labels = [...groups.keys()];
  if (group !== "state") labels.sort();
  else labels.sort((one, other) => stateRank(one) - stateRank(other));
  return labels.flatMap((label) => linesOf(label, groups.get(label) ?? []));
}

function stateRank(word: string): number {
  const place = WORST_FIRST.findIndex((state) => lookOf(state).word === word);
  return place < 0 ? WORST_FIRST.length : place;
}

function linesOf(label: string, rows: readonly Row[]): Line[] {
  const counts = [...countsOf(rows)].sort(([one], [other]) => rankOf(one) - rankOf(other));
  const heading: Heading = { kind: "group", id: `group ${label}`, label, count: rows.length, counts };
  return [heading, ...rows.map((row): RowLine => ({ kind: "row", id: `${label} ${row.id}`, row }))];
}

/** A service stands in the group of each of its segments and clusters. */
function labelsOf(row: Row, group: Group): readonly string[] {
  switch (group) {
    case "namespace":
      return [row.service.namespace];
    case "state":
      return [lookOf(row.state).word];
    case "cluster":
      return row.cells.map((cell) => cell.context);
    case "segment":
      return row.segments.length > 0 ? row.segments : ["no segment known"];
  }
}
