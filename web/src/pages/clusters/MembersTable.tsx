/** One row for each cluster: reached or not and why, control plane, network, segment, gateway, peers. */
import "../../parts/tables.css";
import { Mark } from "../../parts/State";
import { hrefOf } from "../../router";
import type { MemberRow } from "./members";

export function MembersTable({ rows }: { rows: readonly MemberRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys
    <section class="scrolled" aria-label="Clusters" tabIndex={0}>
      <table class="plain members stacked">
        <thead>
          <tr>
            <th scope="col">Cluster</th>
            <th scope="col">Read</th>
            <th scope="col">Control plane</th>
            <th scope="col">Version</th>
            <th scope="col">Network</th>
            <th scope="col">Segment</th>
            <th scope="col">Gateway</th>
            <th scope="col">Addresses</th>
            <th scope="col">Peers</th>
            <th scope="col">Findings</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.context} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row }: { row: MemberRow }) {
  return (
    <tr>
      <th scope="row">{row.context}</th>
      <td data-label="Read">
        <div>
          <Mark look={row.reach} />
          {row.reasons.map((reason) => (
            <p key={reason} class="reason">
              {reason}
            </p>
          ))}
        </div>
      </td>
      <td data-label="Control plane">
        <ControlPlane row={row} />
      </td>
      <td data-label="Version" class="wraps">
        {row.versions}
      </td>
      <td data-label="Network">{row.network}</td>
      <td data-label="Segment">{row.segment}</td>
      <td data-label="Gateway">
        <Mark look={row.gateway} />
      </td>
      <td data-label="Addresses" class="mono">
        {row.addresses.join(", ") || "-"}
      </td>
      <td data-label="Peers">{row.peers}</td>
      <td data-label="Findings">
        {row.findings > 0 ? (
          <a href={hrefOf({ page: "findings" }, { cluster: row.context })}>
            {row.findings}
            <span class="unseen"> about {row.context}</span>
          </a>
        ) : (
          row.findings
        )}
      </td>
    </tr>
  );
}

/** Pods of istiod that are ready, of how many. */
function ControlPlane({ row }: { row: MemberRow }) {
  if (row.isControlPlaneWhole !== false) return <>{row.controlPlane}</>;
  return <Mark look={{ glyph: "!", word: `${row.controlPlane} ready`, tone: "missing" }} />;
}
