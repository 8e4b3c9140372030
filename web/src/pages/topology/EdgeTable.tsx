/** The graph as a table: the same lines, in words. */
import { useState } from "preact/hooks";
import { Entry, Field, Name, Records } from "../../parts/Records";
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
  const requests = from ? `Requests from ${from}` : "Requests of its own callers";
  return (
    <Records
      caption="Services and clusters, and where requests go"
      heads={["Service", "Cluster", "State", "Serves it", "Distribution", requests]}
    >
      {edges.map((edge) => (
        <Row key={`${edge.service} ${edge.context}`} edge={edge} from={from} />
      ))}
    </Records>
  );
}

function Row({ edge, from }: { edge: Edge; from: string }) {
  const [namespace = "", name = ""] = edge.service.split("/");
  return (
    <Entry>
      <Name>
        <a href={hrefOf({ page: "service", namespace, name })}>{edge.service}</a>
      </Name>
      <Field of="Cluster">{edge.context}</Field>
      <Field of="State">
        <State state={edge.state} />
      </Field>
      <Field of="Serves it">{edge.isPublished ? "yes" : "no"}</Field>
      <Field of="Distribution">{edge.mode ?? "?"}</Field>
      <Field of="Requests">{weightWord(edge, from)}</Field>
    </Entry>
  );
}
