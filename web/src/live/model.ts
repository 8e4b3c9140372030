/** What the page knows of the mesh, and how news changes it. Pure; what did not change stays the same object. */
import type { Change, Events, Findings } from "../api/dashboard";
import type { ClusterReport, FleetCheck, GlobalService, Inventory, Summary } from "../api/types";

/** How many changes are kept; older ones are forgotten, however long the page stays open. */
export const HISTORY = 500;

export const NO_SUMMARY: Summary = {
  ready: 0,
  partial: 0,
  missing: 0,
  drift: 0,
  stale: 0,
  unknown: 0,
  clusters: 0,
  clustersRead: 0,
};

export interface Rows {
  readonly version: number;
  /** By `namespace/name`, in the order of the inventory; new ones at the end. */
  readonly services: ReadonlyMap<string, GlobalService>;
  readonly clusters: readonly ClusterReport[];
  readonly summary: Summary;
  readonly defaultDistribution: string;
}

export interface Versioned<T> {
  readonly version: number;
  readonly body: T;
}

export function keyOf(service: { namespace: string; name: string }): string {
  return `${service.namespace}/${service.name}`;
}

/** All rows anew; those that are equal to the ones before stay what they were, so that nothing is drawn again. */
export function rowsOf(inventory: Inventory, version: number, before: Rows | null): Rows {
  const services = new Map<string, GlobalService>();
  for (const service of inventory.services) {
    const key = keyOf(service);
    const was = before?.services.get(key);
    services.set(key, was !== undefined && isSame(was, service) ? was : service);
  }
  const { clusters, summary, defaultDistribution } = inventory;
  return { version, services, clusters, summary, defaultDistribution };
}

function isSame(one: GlobalService, other: GlobalService): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Rows with the changed ones put in and the removed ones taken out; old news changes nothing. */
export function withNews(rows: Rows, news: Events["services"]): Rows {
  if (news.version <= rows.version) return rows;
  const services = new Map(rows.services);
  for (const key of news.removed) services.delete(key);
  for (const service of news.services) services.set(keyOf(service), service);
  return { ...rows, version: news.version, services, summary: news.summary, clusters: news.clusters ?? rows.clusters };
}

/** The clusters anew, without findings, which come by themselves. */
export function withCheck(known: Versioned<FleetCheck>, news: Events["check"]): Versioned<FleetCheck> {
  return news.version <= known.version ? known : { version: news.version, body: news.check };
}

export function withFindings(known: Versioned<Findings>, news: Events["findings"]): Versioned<Findings> {
  if (news.version <= known.version) return known;
  return { version: news.version, body: { ...known.body, findings: news.findings, waived: news.waived } };
}

/** Newest first, never more than HISTORY. */
export function withChange(history: readonly Change[], change: Change): readonly Change[] {
  return [change, ...history.slice(0, HISTORY - 1)];
}
