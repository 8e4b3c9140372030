/** The time, as ages are counted from. One clock for the whole page; only the texts that change are written anew. */
import { signal } from "@preact/signals";

const TICK = 1_000;

/** Milliseconds since 1970. */
export const now = signal(Date.now());

/** Let the clock run; call what is returned to stop it. */
export function runClock(): () => void {
  const timer = setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, TICK);
  return () => clearInterval(timer);
}
