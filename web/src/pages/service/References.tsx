/** Routes, rules and policies that name one of the service's hosts. */
import type { Reference } from "../../api/dashboard";
import { Entry, Field, Records } from "../../parts/Records";

export function References({ references }: { references: readonly Reference[] }) {
  if (references.length === 0) return <p class="muted">No route, rule or policy that was read names its hosts.</p>;
  return (
    <Records caption="What names its hosts" heads={["Cluster", "Object", "Field", "Names"]}>
      {references.map((one) => (
        <Entry key={JSON.stringify(one)}>
          <Field of="Cluster">{one.context}</Field>
          <Field of="Object">
            {one.kind} {one.namespace ? `${one.namespace}/` : ""}
            {one.name}
          </Field>
          <Field of="Field">
            <code>{one.field}</code>
          </Field>
          <Field of="Names">
            <code>{one.text}</code>
          </Field>
        </Entry>
      ))}
    </Records>
  );
}
