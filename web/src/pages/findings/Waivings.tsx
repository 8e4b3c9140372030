/** Findings that do not count, and why. */
import type { Waived } from "../../api/types";
import { Glyph } from "../../parts/State";
import { LEVEL_LOOKS } from "./levels";

export function Waivings({ waived }: { waived: readonly Waived[] }) {
  if (waived.length === 0) return null;
  return (
    <section class="waivings" aria-labelledby="waived">
      <h2 id="waived">Waived ({waived.length})</h2>
      <ul class="finding-list">
        {waived.map((one) => (
          <li key={one.fingerprint || `${one.code} ${one.subject} ${one.message}`} class="finding">
            <p class="finding-message">
              {one.level === null ? null : <Glyph look={LEVEL_LOOKS[one.level]} label={LEVEL_LOOKS[one.level].word} />}{" "}
              <strong>{one.code}</strong> {one.message}
            </p>
            <p>
              Waived: {one.reason}
              {one.expires ? <span class="muted"> (until {one.expires})</span> : null}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
