/** What lines mean: their dashes and glyphs say the state, their thickness where requests go. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { LOOKS, WORST_FIRST } from "../../parts/states";
import type { Weight } from "./preference";
import { weightWord } from "./words";

const WEIGHTS: readonly Weight[] = ["preferred", "even", "fallback", "unknown", "none"];

export function Legend({ from }: { from: string }) {
  return (
    <details class="topology-legend">
      <summary>What the lines mean</summary>
      <div class="topology-keys">
        <Column title="State">
          {WORST_FIRST.map((state) => (
            <li key={state}>
              <Sample look={`tone-${LOOKS[state].tone} weight-even`} />{" "}
              <span aria-hidden="true">{LOOKS[state].glyph}</span> {state}
            </li>
          ))}
        </Column>
        <Column title={from ? `Requests from ${from}` : "Requests of each cluster's own callers"}>
          {WEIGHTS.map((weight) => (
            <li key={weight}>
              <Sample look={`tone-none weight-${weight}`} /> {weightWord({ weight, mode: null }, from)}
            </li>
          ))}
        </Column>
      </div>
      <p>
        A filled mark on a line: the cluster serves the host itself. A service with several hosts is drawn as one. A
        cluster follows the traffic distribution on its own Service. PreferNetwork and PreferClose look at the network
        first; regions and zones are not read.
      </p>
    </details>
  );
}

function Column({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <div>
      <p class="topology-key" id={id}>
        {title}
      </p>
      <ul aria-labelledby={id}>{children}</ul>
    </div>
  );
}

function Sample({ look }: { look: string }) {
  return (
    <svg class="topology-sample" width="44" height="12" aria-hidden="true">
      <path class={`topology-line ${look}`} d="M2 6H42" />
    </svg>
  );
}
