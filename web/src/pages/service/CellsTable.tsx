/** What each cluster has of the service. */
import { Fragment } from "preact";
import { memo } from "preact/compat";
import type { Cell, GlobalService } from "../../api/types";
import { Entry, Field, Name, Records } from "../../parts/Records";
import { State } from "../../parts/State";
import { Age } from "../../parts/Time";
import { wordsOf } from "./cells";

const HEADS = [
  "Cluster",
  "State",
  "Scope",
  "Ports",
  "Endpoints",
  "Takeover",
  "Distribution",
  "Entry",
  "Age",
  "Served by",
];

interface CellsTableProps {
  service: GlobalService;
  defaultDistribution: string;
}

export function CellsTable({ service, defaultDistribution }: CellsTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys
    <section class="scrolled" aria-label="Each cluster" tabIndex={0}>
      <Records caption="Each cluster" heads={HEADS} class="cells">
        {service.cells.map((cell) => (
          <Row key={cell.context} cell={cell} defaultDistribution={defaultDistribution} />
        ))}
      </Records>
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
    <Entry>
      <Name>{cell.context}</Name>
      <Field of="State">
        <State state={cell.state} />
        {cell.reason ? <p class="reason">{cell.reason}</p> : null}
      </Field>
      <Field of="Scope">{words.scope}</Field>
      <Field of="Ports">{words.ports}</Field>
      <Field of="Endpoints">{words.endpoints}</Field>
      <Field of="Takeover">{words.takeover}</Field>
      <Field of="Distribution">{words.distribution}</Field>
      <Field of="Entry" class="mono wraps">
        {cell.entry ? <Dotted name={cell.entry} /> : noEntry(cell)}
      </Field>
      <Field of="Age">
        <Age since={cell.entryCreated} />
      </Field>
      <Field of="Served by" class="wraps">
        <ServedBy cell={cell} contexts={words.servedBy} />
      </Field>
    </Entry>
  );
});

function noEntry(cell: Cell): string {
  return cell.state === "Unknown" ? "?" : "-";
}

/** A long name that may be broken after a dot, and nowhere else if it can be helped. */
function Dotted({ name }: { name: string }) {
  return (
    <>
      {name.split(/(?<=\.)/).map((part, index) => (
        <Fragment key={index}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </>
  );
}

function ServedBy({ cell, contexts }: { cell: Cell; contexts: readonly string[] | null }) {
  const missing = [...new Set(cell.hosts.flatMap((verdict) => verdict.missingPeers))];
  return (
    <>
      {contexts?.join(", ") || noEntry(cell)}
      {missing.length > 0 ? <p class="reason">not joined: {missing.join(", ")}</p> : null}
    </>
  );
}
