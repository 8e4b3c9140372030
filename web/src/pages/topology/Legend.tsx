/** What lines mean: their dashes and glyphs say the state, their thickness where requests go. */
import { LOOKS, WORST_FIRST } from "../../parts/states";
import type { Weight } from "./preference";
import { weightWord } from "./words";

const WEIGHTS: readonly Weight[] = ["preferred", "even", "fallback", "unknown", "none"];

export function Legend({ from }: { from: string }) {
  return (
    <details class="topology-legend">
      <summary>What the lines mean</summary>
      <div class="topology-keys">
        <ul aria-label="States">
          {WORST_FIRST.map((state) => (
            <li key={state}>
              <Sample look={`tone-${LOOKS[state].tone} weight-even`} />{" "}
              <span aria-hidden="true">{LOOKS[state].glyph}</span> {state}
            </li>
          ))}
        </ul>
        <ul aria-label={from ? `Requests from ${from}` : "Requests of each cluster's own callers"}>
          {WEIGHTS.map((weight) => (
            <li key={weight}>
              <Sample look={`tone-none weight-${weight}`} /> {weightWord({ weight, mode: null }, from)}
            </li>
          ))}
        </ul>
      </div>
      <p>
        A filled mark on a line: the cluster serves the host itself. A cluster follows the traffic distribution on its
        own Service. PreferNetwork and PreferClose look at the network first; regions and zones are not read.
      </p>
    </details>
  );
}

function Sample({ look }: { look: string }) {
  return (
    <svg class="topology-sample" width="44" height="12" aria-hidden="true">
      <path class={`topology-line ${look}`} d="M2 6H42" />
    </svg>
  );
}
