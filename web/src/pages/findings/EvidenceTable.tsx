/** What was seen: which field of which object in which cluster, its value, and the right one. */
import { useState } from "preact/hooks";
import type { Evidence } from "../../api/types";
import { Entry, Field, Records } from "../../parts/Records";

const FEW = 6;
const STEP = 100;
const RIGHT = "Right would be";
const HEADS = ["Cluster", "Object", "Field", "Value"];

export function EvidenceTable({ evidence, of }: { evidence: readonly Evidence[]; of: string }) {
  const [most, setMost] = useState(FEW);
  if (evidence.length === 0) return null;
  const rest = evidence.length - most;
  const hasExpected = evidence.some((one) => one.expected !== null);
  return (
    <>
      <Records caption={`What was seen: ${of}`} heads={hasExpected ? [...HEADS, RIGHT] : HEADS}>
        {evidence.slice(0, most).map((one) => (
          <Row key={JSON.stringify(one)} seen={one} hasExpected={hasExpected} />
        ))}
      </Records>
      {rest > 0 ? (
        <button type="button" class="show-more" onClick={() => setMost(most + STEP)}>
          Show {Math.min(STEP, rest)} of {rest} more
        </button>
      ) : null}
    </>
  );
}

function Row({ seen, hasExpected }: { seen: Evidence; hasExpected: boolean }) {
  return (
    <Entry>
      <Field of="Cluster">{seen.context}</Field>
      <Field of="Object">{objectOf(seen)}</Field>
      <Field of="Field">{seen.field ? <code>{seen.field}</code> : <span class="muted">-</span>}</Field>
      <Field of="Value">
        <Value value={seen.value} isAsked={seen.field !== ""} />
      </Field>
      {hasExpected ? (
        <Field of={RIGHT}>
          <Value value={seen.expected} isAsked={false} />
        </Field>
      ) : null}
    </Entry>
  );
}

/** A field that is not set says so; where no field is meant there is nothing to say. */
function Value({ value, isAsked }: { value: string | null; isAsked: boolean }) {
  if (value === null) return <span class="muted">{isAsked ? "not set" : "-"}</span>;
  return value === "" ? <span class="muted">(empty)</span> : <code>{value}</code>;
}

function objectOf(one: Evidence): string {
  const name = [one.namespace, one.name].filter(Boolean).join("/");
  if (name) return `${one.kind} ${name}`;
  return one.field ? one.kind : `no ${one.kind}`;
}
