/** One row for each cluster: reached or not and why, control plane, network, segment, gateway, peers. */
import { Entry, Field, Name, Records } from "../../parts/Records";
import { Mark } from "../../parts/State";
import { useSteps } from "../../parts/useSteps";
import { hrefOf } from "../../router";
import type { MemberRow } from "./members";

const HEADS = [
  "Cluster",
  "Read",
  "Control plane",
  "Version",
  "Network",
  "Segment",
  "Gateway",
  "Addresses",
  "Peers",
  "Findings",
];

/** A cluster's name leads to what it has of each service. */
export function MembersTable({ rows }: { rows: readonly MemberRow[] }) {
  useSteps(".members tbody th a");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys
    <section class="scrolled" aria-label="Clusters" tabIndex={0}>
      <Records caption="Clusters" heads={HEADS} class="members">
        {rows.map((row) => (
          <Row key={row.context} row={row} />
        ))}
      </Records>
    </section>
  );
}

function Row({ row }: { row: MemberRow }) {
  return (
    <Entry>
      <Name>
        <a href={hrefOf({ page: "services" }, { cluster: row.context, view: "clusters" })}>{row.context}</a>
      </Name>
      <Field of="Read">
        <Mark look={row.reach} />
        {row.reasons.map((reason) => (
          <p key={reason} class="reason">
            {reason}
          </p>
        ))}
      </Field>
      <Field of="Control plane">
        <ControlPlane row={row} />
      </Field>
      <Field of="Version" class="wraps">
        {row.versions}
      </Field>
      <Field of="Network">{row.network}</Field>
      <Field of="Segment">{row.segment}</Field>
      <Field of="Gateway">
        <Mark look={row.gateway} />
      </Field>
      <Field of="Addresses" class="mono">
        {row.addresses.length > 0 ? row.addresses.map((one) => <div key={one}>{one}</div>) : row.noAddresses}
      </Field>
      <Field of="Peers">{row.peers}</Field>
      <Field of="Findings">
        <Findings row={row} />
      </Field>
    </Entry>
  );
}

function Findings({ row }: { row: MemberRow }) {
  if (row.findings === 0) return <>0</>;
  return (
    <a href={hrefOf({ page: "findings" }, { cluster: row.context })}>
      {row.findings}
      <span class="unseen"> about {row.context}</span>
    </a>
  );
}

/** Pods of istiod that are ready, of how many. */
function ControlPlane({ row }: { row: MemberRow }) {
  if (row.isControlPlaneWhole !== false) return <>{row.controlPlane}</>;
  return <Mark look={{ glyph: "!", word: `${row.controlPlane} ready`, tone: "missing" }} />;
}
