/** What was seen: which field of which object in which cluster, its value, and the right one. */
import "../../parts/tables.css";
import { useState } from "preact/hooks";
import type { Evidence } from "../../api/types";

const FEW = 6;

export function EvidenceTable({ evidence, of }: { evidence: readonly Evidence[]; of: string }) {
  const [isWhole, setWhole] = useState(false);
  if (evidence.length === 0) return null;
  const shown = isWhole ? evidence : evidence.slice(0, FEW);
  const hasExpected = evidence.some((one) => one.expected !== null);
  return (
    <>
      <table class="plain evidence stacked">
        <caption class="unseen">What was seen: {of}</caption>
        <thead>
          <tr>
            <th scope="col">Cluster</th>
            <th scope="col">Object</th>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
            {hasExpected ? <th scope="col">Right would be</th> : null}
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={`${one.context} ${objectOf(one)} ${one.field}`}>
              <td data-label="Cluster">{one.context}</td>
              <td data-label="Object">{objectOf(one)}</td>
              <td data-label="Field">{one.field ? <code>{one.field}</code> : <span class="muted">-</span>}</td>
              <td data-label="Value">
                <Value value={one.value} isAsked={one.field !== ""} />
              </td>
              {hasExpected ? (
                <td data-label="Right would be">
                  <Value value={one.expected} isAsked={false} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {evidence.length > shown.length ? (
        <button type="button" class="more" onClick={() => setWhole(true)}>
          Show {evidence.length - shown.length} more
        </button>
      ) : null}
    </>
  );
}

/** A field that is not set says so; where no field is meant there is nothing to say. */
function Value({ value, isAsked }: { value: string | null; isAsked: boolean }) {
  if (value === null) return <span class="muted">{isAsked ? "not set" : "-"}</span>;
  return value === "" ? <span class="muted">(empty)</span> : <code>{value}</code>;
}

function objectOf(one: Evidence): string {
  const name = [one.namespace, one.name].filter(Boolean).join("/");
  return name ? `${one.kind} ${name}` : `no ${one.kind}`;
}
