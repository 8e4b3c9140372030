/** The graph as a table: the same lines, in words. */
import "../../parts/tables.css";
import { useState } from "preact/hooks";
import { State } from "../../parts/State";
import { hrefOf } from "../../router";
import type { Edge, Graph } from "./graph";
import { weightWord } from "./words";

const STEP = 100;

export function EdgeTable({ graph, from }: { graph: Graph; from: string }) {
  const [isOpen, setOpen] = useState(false);
  const [most, setMost] = useState(STEP);
  const rest = graph.edges.length - most;
  return (
    <details class="topology-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table ({graph.edges.length} lines)</summary>
      {isOpen ? <Table edges={graph.edges.slice(0, most)} from={from} /> : null}
      {isOpen && rest > 0 ? (
        <button type="button" onClick={() => setMost(most + STEP)}>
          Show {Math.min(STEP, rest)} of {rest} more
        </button>
      ) : null}
    </details>
  );
}

function Table({ edges, from }: { edges: readonly Edge[]; from: string }) {
  return (
    <table class="plain stacked">
      <caption class="unseen">Services and clusters, and where requests go</caption>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Cluster</th>
          <th scope="col">State</th>
          <th scope="col">Serves it</th>
          <th scope="col">Distribution</th>
          <th scope="col">{from ? `Requests from ${from}` : "Requests of its own callers"}</th>
        </tr>
      </thead>
      <tbody>
        {edges.map((edge) => (
          <Row key={`${edge.service} ${edge.context}`} edge={edge} from={from} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ edge, from }: { edge: Edge; from: string }) {
  const [namespace = "", name = ""] = edge.service.split("/");
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ page: "service", namespace, name })}>{edge.service}</a>
      </th>
      <td data-label="Cluster">{edge.context}</td>
      <td data-label="State">
        <State state={edge.state} />
      </td>
      <td data-label="Serves it">{edge.isPublished ? "yes" : "no"}</td>
      <td data-label="Distribution">{edge.mode ?? "?"}</td>
      <td data-label="Requests">{weightWord(edge, from)}</td>
    </tr>
  );
}
