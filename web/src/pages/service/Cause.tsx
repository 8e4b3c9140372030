/** The one thing to mend first, or that nothing is known to be broken. */
import type { Diagnosis, RootCause } from "../../api/types";
import { listed } from "../../parts/listed";
import { Mark } from "../../parts/State";
import type { Look } from "../../parts/states";
import { LEVEL_LOOKS } from "../findings/levels";
import { Remedy } from "../findings/Remedy";
import { isUnknown, withoutCause } from "./chains";

export function Cause({ diagnosis }: { diagnosis: Diagnosis }) {
  const { cause, doubt, chains } = diagnosis;
  if (cause !== null) return <One cause={cause} look={{ ...LEVEL_LOOKS[cause.level], word: "Cause" }} />;
  const links = chains.flatMap((chain) => chain.links);
  const isDoubtful = links.length === 0 || links.some((link) => link.outcome === "broken" || isUnknown(link));
  const said = withoutCause(chains);
  return (
    <>
      {doubt === null ? null : <One cause={doubt} look={doubtLook(doubt)} />}
      <p class="cause-none">
        <Mark
          look={isDoubtful ? { glyph: "?", word: said, tone: "unknown" } : { glyph: "✓", word: said, tone: "ready" }}
        />
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
        <Mark look={look} /> <strong>{listed(cause.contexts)}</strong>
        {cause.link ? `: ${cause.link}` : ""}: {cause.message}
        {cause.code ? <span class="muted"> [{cause.code}]</span> : null}
      </p>
      {cause.explains.length > 0 ? <p class="muted">It brings about {cause.explains.join(", ")}.</p> : null}
      <Remedy text={cause.remedy} of="the cause" />
    </section>
  );
}
