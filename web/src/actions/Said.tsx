/** What the program said no with: the sentence, and what to do next. */
import type { Refusal } from "./flow";

export function Said({ refusal }: { refusal: Refusal | null }) {
  if (refusal === null) return null;
  return (
    <p class="said" role="alert">
      <strong>
        <span aria-hidden="true">✗ </span>
        {sentence(refusal.message)}
      </strong>
      {refusal.hint === "" ? null : ` ${sentence(refusal.hint)}`}
    </p>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");
}
