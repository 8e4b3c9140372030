/** What is wrong: where, what was seen, and what mends it. Findings that are worded alike are one. */
import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import { listed } from "../../parts/listed";
import { hrefOf } from "../../router";
import type { Alike, Place } from "./alike";
import { EvidenceTable } from "./EvidenceTable";
import { Remedy } from "./Remedy";

const FEW = 3;
const SOME = 12;
const STEP = 100;

interface FindingItemProps {
  finding: Alike;
  /** On the page of its service a link to that page says nothing. */
  isLinked?: boolean;
}

export const FindingItem = memo(
  function FindingItem({ finding, isLinked = true }: FindingItemProps) {
    const { code, message, rule, places, evidence, ways } = finding;
    const of = `${code}: ${message}`;
    return (
      <li class="finding" tabIndex={-1}>
        <p class="finding-message">
          {message}
          {rule ? <span class="muted"> ({rule})</span> : null}
        </p>
        <Places places={places} isLinked={isLinked} />
        <EvidenceTable evidence={evidence} of={of} />
        <Ways ways={ways} of={of} />
      </li>
    );
  },
  // Lists are made anew with each look; what they say rarely is.
  (one, other) => JSON.stringify(one) === JSON.stringify(other),
);

function Places({ places, isLinked }: { places: readonly Place[]; isLinked: boolean }) {
  const [most, setMost] = useState(SOME);
  const rest = places.length - most;
  return (
    <ul class="places">
      {places.slice(0, most).map((place) => (
        <li key={`${place.namespace}/${place.service}`}>
          <Where place={place} isLinked={isLinked} />
        </li>
      ))}
      {rest > 0 ? (
        <li>
          <button type="button" class="show-more" onClick={() => setMost(most + STEP)}>
            Show {Math.min(STEP, rest)} of {rest} more
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function Where({ place: { namespace, service, contexts }, isLinked }: { place: Place; isLinked: boolean }) {
  const clusters = listed(contexts);
  if (!namespace || !isLinked) return <>{clusters}</>;
  const name = service ? (
    <a href={hrefOf({ page: "service", namespace, name: service })}>{`${namespace}/${service}`}</a>
  ) : (
    namespace
  );
  return (
    <>
      {name}
      {clusters ? ` in ${clusters}` : ""}
    </>
  );
}

export function Ways({ ways, of }: { ways: readonly string[]; of: string }) {
  const [most, setMost] = useState(FEW);
  const rest = ways.length - most;
  return (
    <>
      {ways.slice(0, most).map((way) => (
        <Remedy key={way} text={way} of={of} />
      ))}
      {rest > 0 ? (
        <button type="button" class="show-more" onClick={() => setMost(ways.length)}>
          Show {rest} more like it
        </button>
      ) : null}
    </>
  );
}
