/** Which services the graph shows: what the address asks for, in the order of their names. */

import type { GlobalService } from "../../api/types";
import { keyOf } from "../../live/model";

export interface TopologyFilter {
  q: string;
  ns: string;
  state: string;
}

/** The services that are asked for, sorted by namespace and name. */
export function selected(services: Iterable<GlobalService>, filter: TopologyFilter): GlobalService[] {
  return [...services].filter((one) => isAsked(one, filter)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function isAsked(service: GlobalService, filter: TopologyFilter): boolean {
  const state = filter.state.toLowerCase();
  return (
    (!filter.ns || service.namespace === filter.ns) &&
    (!state || service.cells.some((cell) => cell.state?.toLowerCase() === state)) &&
    (!filter.q || textOf(service).includes(filter.q.toLowerCase()))
  );
}

function textOf(service: GlobalService): string {
  return [keyOf(service), ...service.hosts, ...service.aliases].join("\n").toLowerCase();
}
