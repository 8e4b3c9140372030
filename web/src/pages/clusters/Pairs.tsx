/** The pairs of clusters that are not linked both ways, in words. */
import { useState } from "preact/hooks";
import { Mark } from "../../parts/State";
import { type Pair, TIES } from "./matrix";

const STEP = 30;

export function Pairs({ pairs }: { pairs: readonly Pair[] }) {
  const [most, setMost] = useState(STEP);
  if (pairs.length === 0) return null;
  const rest = pairs.length - most;
  return (
    <>
      <h3>Not known to be linked both ways ({pairs.length})</h3>
      <ul class="pairs">
        {pairs.slice(0, most).map(({ context, peer, there, back }) => (
          <li key={`${context} ${peer}`}>
            <strong>{context}</strong> says of <strong>{peer}</strong>: <Mark look={TIES[there]} />{" "}
            <span class="pair-back">
              {peer} of {context}: <Mark look={TIES[back]} />
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 ? (
        <button type="button" onClick={() => setMost(most + STEP)}>
          Show {Math.min(STEP, rest)} of {rest} more
        </button>
      ) : null}
    </>
  );
}
