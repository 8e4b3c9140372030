/** What a code means: loaded when somebody wants to know. */
import { useState } from "preact/hooks";
import type { Explanation as Document } from "../../api/dashboard";
import { Loading } from "../../parts/Empty";
import { useAnswer } from "../../parts/useAnswer";
import { paragraphsOf, type Span } from "./prose";

export function Explanation({ code }: { code: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="explanation" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What {code} means</summary>
      {isOpen ? <Loaded code={code} /> : null}
    </details>
  );
}

function Loaded({ code }: { code: string }) {
  const { body, error } = useAnswer(code, (server, signal) => server.explanation(code, signal));
  if (error !== null)
    return (
      <p role="alert">
        It could not be loaded: {error.message}. In a terminal: <code>meshglobal explain {code}</code>
      </p>
    );
  return body === null ? <Loading what="the explanation" /> : <Text explanation={body} />;
}

function Text({ explanation }: { explanation: Document }) {
  const { title, text, remedy, reads, rule } = explanation;
  return (
    <div class="explanation-text">
      <p>
        <strong>{title}</strong>
      </p>
      {paragraphsOf(text).map((spans, index) => (
        <p key={index}>{spans.map(part)}</p>
      ))}
      {remedy ? (
        <p>
          What mends it: <code>{remedy}</code>
        </p>
      ) : null}
      <p class="muted">
        {reads.length > 0 ? `Reads ${reads.join(", ")}` : "Reads no cluster"}
        {rule ? `; rests on ${rule}` : ""}.
      </p>
    </div>
  );
}

function part(span: Span, index: number) {
  if (span.kind === "code") return <code key={index}>{span.text}</code>;
  return span.kind === "stress" ? <em key={index}>{span.text}</em> : span.text;
}
