/** The names under which the service answers across clusters. */
import type { GlobalService } from "../../api/types";
import { Copy } from "../../parts/Copy";

export function Hosts({ service }: { service: GlobalService }) {
  const { hosts, aliases } = service;
  if (hosts.length === 0) return <p class="muted">It has no global host: no cluster that was read publishes it.</p>;
  return (
    <ul class="hosts">
      {[...hosts, ...aliases].map((host, index) => (
        <li key={host}>
          <code>{host}</code> {index >= hosts.length ? <span class="muted">(alias)</span> : null}{" "}
          <Copy text={host} what={`the host ${host}`} />
        </li>
      ))}
    </ul>
  );
}
