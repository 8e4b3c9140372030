/** What is written, or would be, cluster by cluster: the objects with their diff, and what a server said. */
import type { Write } from "../api/types";
import { Mark } from "../parts/State";
import { byContext, diffOf, statusLook, subjectOf } from "./outcome";

export function Writes({ writes }: { writes: readonly Write[] }) {
  return (
    <>
      {[...byContext(writes)].map(([context, own]) => (
        <section key={context} class="writes">
          <p class="where">
            <bdi>{context}</bdi>
          </p>
          <ul>
            {own.map((write) => (
              <OneWrite key={`${write.kind}/${write.name}`} write={write} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function OneWrite({ write }: { write: Write }) {
  return (
    <li>
      <p>
        <Mark look={statusLook(write.status)} /> <bdi>{subjectOf(write)}</bdi>
      </p>
      <Diff write={write} />
      {write.failure === null ? null : (
        <p class="failure">
          {write.failure.message}
          {write.failure.nextStep === "" ? null : <span class="muted"> Next: {write.failure.nextStep}</span>}
        </p>
      )}
      {write.warnings.map((warning) => (
        <p key={warning} class="failure">
          Warning: {warning}
        </p>
      ))}
    </li>
  );
}

const WORDS = { "-": "goes: ", "+": "comes: " } as const;

function Diff({ write }: { write: Write }) {
  const lines = diffOf(write.changes);
  if (lines.length === 0) return null;
  return (
    <ul class="diff">
      {lines.map(({ sign, text }) => (
        <li key={sign + text} class={sign === "+" ? "comes" : "goes"}>
          <span aria-hidden="true">{sign} </span>
          <span class="unseen">{WORDS[sign]}</span>
          {text}
        </li>
      ))}
    </ul>
  );
}
