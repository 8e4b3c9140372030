/** The graph as a table: the same lines, in words. */
import { useState } from "preact/hooks";
import { hrefOf } from "../../router";
import { StateMark } from "../../parts/StateMark";
import type { Graph } from "./graph";
import { weightWord } from "./words";

const STEP = 200;

export function EdgeTable({ graph, from }: { graph: Graph; from: string }) {
  const [isOpen, setOpen] = useState(false);
  const [most, setMost] = useState(STEP);
  return (
    <details class="topology-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table ({graph.edges.length} lines)</summary>
      {isOpen && <Table graph={graph} from={from} most={most} />}
      {isOpen && graph.edges.length > most && (
        <button type="button" onClick={() => setMost(most + STEP)}>
          Show {Math.min(STEP, graph.edges.length - most)} more
        </button>
      )}
    </details>
  );
}
