/** Routes, rules and policies that name one of the service's hosts. */
import "../../parts/tables.css";
import type { Reference } from "../../api/dashboard";

export function References({ references }: { references: readonly Reference[] }) {
  if (references.length === 0) return <p class="muted">No route, rule or policy that was read names its hosts.</p>;
  return (
    <table class="plain stacked">
      <thead>
        <tr>
          <th scope="col">Cluster</th>
          <th scope="col">Object</th>
          <th scope="col">Field</th>
          <th scope="col">What it names</th>
        </tr>
      </thead>
      <tbody>
        {references.map((one) => (
          <tr key={`${one.context} ${one.kind} ${one.namespace} ${one.name} ${one.field} ${one.text}`}>
            <td data-label="Cluster">{one.context}</td>
            <td data-label="Object">
              {one.kind} {one.namespace ? `${one.namespace}/` : ""}
              {one.name}
            </td>
            <td data-label="Field">
              <code>{one.field}</code>
            </td>
            <td data-label="Names">
              <code>{one.text}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
