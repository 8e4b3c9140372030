/** What each cluster has of the service. */
import "../../parts/tables.css";
import { memo } from "preact/compat";
import type { Cell, GlobalService } from "../../api/types";
import { State } from "../../parts/State";
import { Age } from "../../parts/Time";
import { wordsOf } from "./cells";

interface CellsTableProps {
  service: GlobalService;
  defaultDistribution: string;
}

export function CellsTable({ service, defaultDistribution }: CellsTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys
    <section class="scrolled" aria-label="Each cluster" tabIndex={0}>
      <table class="plain cells stacked">
        <thead>
          <tr>
            <th scope="col">Cluster</th>
            <th scope="col">State</th>
            <th scope="col">Scope</th>
            <th scope="col">Ports</th>
            <th scope="col">Endpoints</th>
            <th scope="col">Takeover</th>
            <th scope="col">Distribution</th>
            <th scope="col">Entry</th>
            <th scope="col">Age</th>
            <th scope="col">Served by</th>
          </tr>
        </thead>
        <tbody>
          {service.cells.map((cell) => (
            <Row key={cell.context} cell={cell} defaultDistribution={defaultDistribution} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  cell: Cell;
  defaultDistribution: string;
}

const Row = memo(function Row({ cell, defaultDistribution }: RowProps) {
  const words = wordsOf(cell, defaultDistribution);
  return (
    <tr>
      <th scope="row">{cell.context}</th>
      <td data-label="State">
        <div>
          <State state={cell.state} />
          {cell.reason ? <p class="reason">{cell.reason}</p> : null}
        </div>
      </td>
      <td data-label="Scope">{words.scope}</td>
      <td data-label="Ports">{words.ports}</td>
      <td data-label="Endpoints">{words.endpoints}</td>
      <td data-label="Takeover">{words.takeover}</td>
      <td data-label="Distribution">{words.distribution}</td>
      <td data-label="Entry" class="mono">
        {cell.entry ?? "-"}
      </td>
      <td data-label="Age">
        <Age since={cell.entryCreated} />
      </td>
      <td data-label="Served by" class="wraps">
        <ServedBy cell={cell} contexts={words.servedBy} />
      </td>
    </tr>
  );
});

function ServedBy({ cell, contexts }: { cell: Cell; contexts: readonly string[] | null }) {
  const missing = [...new Set(cell.hosts.flatMap((verdict) => verdict.missingPeers))];
  const none = cell.state === "Unknown" ? "?" : "-";
  return (
    <div>
      {contexts?.join(", ") || none}
      {missing.length > 0 ? <p class="reason">not joined: {missing.join(", ")}</p> : null}
    </div>
  );
}
