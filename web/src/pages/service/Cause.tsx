/** The one thing to mend first, or that nothing is known to be broken. */
import type { Diagnosis, RootCause } from "../../api/types";
import { Mark } from "../../parts/State";
import type { Look } from "../../parts/states";
import { LEVEL_LOOKS } from "../findings/levels";
import { Remedy } from "../findings/Remedy";
import { withoutCause } from "./chains";

export function Cause({ diagnosis }: { diagnosis: Diagnosis }) {
  const { cause, doubt, chains } = diagnosis;
  if (cause !== null) return <One cause={cause} look={{ ...LEVEL_LOOKS[cause.level], word: "Cause" }} />;
  const isFine = chains.length > 0 && chains.every((chain) => chain.links.every((link) => link.outcome === "ok"));
  const said = withoutCause(chains);
  return (
    <>
      {doubt === null ? null : <One cause={doubt} look={doubtLook(doubt)} />}
      <p class="cause-none">
        <Mark look={isFine ? { glyph: "✓", word: said, tone: "ready" } : { glyph: "?", word: said, tone: "unknown" }} />
      </p>
    </>
  );
}

function doubtLook(doubt: RootCause): Look {
  return { ...LEVEL_LOOKS[doubt.level], word: doubt.level === "unknown" ? "Unknown" : "Doubt" };
}

function One({ cause, look }: { cause: RootCause; look: Look }) {
  return (
    <section class={`cause level-${cause.level}`} aria-label={look.word}>
      <p>
        <Mark look={look} /> <strong>{cause.contexts.join(", ")}</strong>
        {cause.link ? `: ${cause.link}` : ""}: {cause.message}
        {cause.code ? <span class="muted"> [{cause.code}]</span> : null}
      </p>
      {cause.explains.length > 0 ? <p class="muted">It brings about {cause.explains.join(", ")}.</p> : null}
      <Remedy text={cause.remedy} of="the cause" />
    </section>
  );
}
