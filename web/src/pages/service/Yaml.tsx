/** A document as text, with its keys in a colour of their own. */
import { useMemo } from "preact/hooks";
import { linesOf, type Part } from "./yaml";

export function Yaml({ text, label }: { text: string; label: string }) {
  const lines = useMemo(() => linesOf(text), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys
    <section class="yaml" aria-label={label} tabIndex={0}>
      <pre>
        {lines.map((parts, index) => (
          <Line key={`${index} ${parts.map((part) => part.text).join("")}`} parts={parts} />
        ))}
      </pre>
    </section>
  );
}

function Line({ parts }: { parts: readonly Part[] }) {
  return (
    <code>
      {parts.map(({ kind, text }, index) =>
        kind === "plain" ? (
          text
        ) : (
          <span key={index} class={`yaml-${kind}`}>
            {text}
          </span>
        ),
      )}
      {"\n"}
    </code>
  );
}
