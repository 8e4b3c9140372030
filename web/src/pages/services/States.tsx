/** How many rows are in which state; each is a switch that shows those alone. */
import type { State } from "../../api/types";
import { Glyph } from "../../parts/State";
import { lookOf, WORST_FIRST } from "../../parts/states";
import { setQuery } from "../../router";
import { statePatch, type View } from "./view";

interface StatesOrder {
  view: View;
  counts: ReadonlyMap<State | null, number>;
  caption: string;
}

export function States({ view, counts, caption }: StatesOrder) {
  return (
    <div class="states">
      <fieldset>
        <legend class="unseen">Show only these states</legend>
        {WORST_FIRST.map((state) => (
          <Switch key={state} state={state} count={counts.get(state) ?? 0} view={view} />
        ))}
      </fieldset>
      <p class="muted" role="status">
        {caption}
      </p>
    </div>
  );
}

function Switch({ state, count, view }: { state: State; count: number; view: View }) {
  const look = lookOf(state);
  const tone = count > 0 ? ` tone-${look.tone}` : " is-none";
  return (
    <button
      type="button"
      class={`state-switch${tone}`}
      aria-pressed={view.states.includes(state)}
      onClick={() => setQuery(statePatch(view, state))}
    >
      <Glyph look={count > 0 ? look : { ...look, tone: "none" }} />
      {look.word} <strong>{count}</strong>
    </button>
  );
}
