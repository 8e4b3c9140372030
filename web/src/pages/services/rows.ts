/** Rows of the table: a service across its clusters, or one of its hosts in one cluster. Pure. */
import type { Cell, GlobalService, State, Verdict } from "../../api/types";
import { keyOf } from "../../live/model";
import { worstOf } from "../../parts/states";
import { type Amount, amountOf, distributionOf, type Setting, takeoverOf } from "./sums";
import type { Kind } from "./view";

export interface Row {
  /** Stays the same as long as the thing is the same one. */
  readonly id: string;
  readonly service: GlobalService;
  /** The one cluster that the row is of; null: all of the service's. */
  readonly context: string | null;
  readonly cells: readonly Cell[];
  readonly hosts: readonly string[];
  readonly segments: readonly string[];
  readonly state: State | null;
  readonly reason: string;
  readonly endpoints: Amount;
  readonly takeover: Setting;
  readonly distribution: Setting;
  /** When the newest entry was made, RFC 3339. */
  readonly created: string | null;
  /** All that a search looks at, in lower case. */
  readonly text: string;
}

/** What rows need beside the services. */
export interface Setup {
  /** By context. */
  readonly segments: ReadonlyMap<string, string>;
  readonly defaultDistribution: string;
}

/** Makes rows, and keeps those of services that did not change: the same object, so that nothing is drawn again. */
export class RowMaker {
  #setup: Setup | null = null;
  #made = { services: new WeakMap<GlobalService, Row[]>(), clusters: new WeakMap<GlobalService, Row[]>() };

  rows(services: Iterable<GlobalService>, kind: Kind, setup: Setup): Row[] {
    if (setup.segments !== this.#setup?.segments || setup.defaultDistribution !== this.#setup.defaultDistribution) {
      this.#setup = setup;
      this.#made = { services: new WeakMap(), clusters: new WeakMap() };
    }
    const kept = this.#made[kind];
    const all: Row[] = [];
    for (const service of services) {
      let rows = kept.get(service);
      if (rows === undefined) {
        rows = kind === "services" ? [serviceRow(service, setup)] : clusterRows(service, setup);
        kept.set(service, rows);
      }
      all.push(...rows);
    }
    return all;
  }
}

/** One service across its clusters. */
export function serviceRow(service: GlobalService, setup: Setup): Row {
  const state = worstOf(service.cells.map((cell) => cell.state));
  const worst = service.cells.find((cell) => cell.state === state);
  const reason = state === "Ready" || worst === undefined ? "" : reasonOf(worst, service.cells.length > 1);
  return rowOf(
    { id: keyOf(service), service, context: null, cells: service.cells, hosts: service.hosts, state, reason },
    setup,
  );
}

/** Each host in each cluster; a cluster in which no host is expected has one row, too. */
export function clusterRows(service: GlobalService, setup: Setup): Row[] {
  return service.cells.flatMap((cell) => {
    const id = `${keyOf(service)}@${cell.context}`;
    const part = { service, context: cell.context, cells: [cell] };
    if (cell.hosts.length === 0)
      return [rowOf({ ...part, id, hosts: service.hosts, state: cell.state, reason: cell.reason }, setup)];
    return cell.hosts.map((verdict, place) =>
      rowOf(
        { ...part, id: `${id}#${place}`, hosts: hostsOf(verdict), state: verdict.state, reason: verdict.reason },
        setup,
      ),
    );
  });
}

function hostsOf(verdict: Verdict): string[] {
  return verdict.host === null ? verdict.foundHosts : [verdict.host];
}

function reasonOf(cell: Cell, isNamed: boolean): string {
  return isNamed && cell.reason !== "" ? `${cell.context}: ${cell.reason}` : cell.reason;
}

type Part = Pick<Row, "id" | "service" | "context" | "cells" | "hosts" | "state" | "reason">;

function rowOf(part: Part, setup: Setup): Row {
  const { service, cells } = part;
  const created = cells.flatMap((cell) => cell.entryCreated ?? []).sort();
  const reasons = cells.flatMap((cell) => [cell.reason, ...cell.hosts.map((verdict) => verdict.reason)]);
  const words = [service.namespace, service.name, ...part.hosts, ...service.aliases];
  return {
    ...part,
    segments: segmentsOf(cells, setup.segments),
    endpoints: amountOf(cells),
    takeover: takeoverOf(cells),
    distribution: distributionOf(cells, setup.defaultDistribution),
    created: created.at(-1) ?? null,
    text: [...words, ...cells.map((cell) => cell.context), part.reason, ...reasons].join("\n").toLowerCase(),
  };
}

/** The segments of the clusters that have the Service; where none is known to have it, of all. */
function segmentsOf(cells: readonly Cell[], segments: ReadonlyMap<string, string>): string[] {
  const having = cells.filter((cell) => cell.present === true);
  const places = having.length > 0 ? having : cells;
  return [...new Set(places.flatMap((cell) => segments.get(cell.context) ?? []))].sort();
}
