/** A state, or an outcome, as glyph, word and colour. */
import type { State as StateName } from "../api/types";
import { type Look, lookOf } from "./states";

/** A state with its word. */
export function State({ state }: { state: StateName | null }) {
  return <Mark look={lookOf(state)} />;
}

/** A glyph and a word in a tone: for states, and for what pages say in the same way (`linked`, `broken`). */
export function Mark({ look }: { look: Look }) {
  return (
    <span class={`mark tone-${look.tone}`}>
      <Glyph look={look} />
      {look.word}
    </span>
  );
}

/** The glyph alone, for the eye; what it means must stand beside it, or be given as `label`. */
export function Glyph({ look, label }: { look: Look; label?: string }) {
  return (
    <>
      <span class={`glyph tone-${look.tone}`} aria-hidden="true">
        {look.glyph}
      </span>
      {label === undefined ? null : <span class="unseen">{label}</span>}
    </>
  );
}
