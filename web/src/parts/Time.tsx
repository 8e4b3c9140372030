/** Times as ages that grow, with the exact time behind them. */
import { useComputed } from "@preact/signals";
import { now } from "../now";
import { ageOf, clockOf } from "./ages";

/** `5m12s`; the exact time as its title. `-` where there is none. Only the text is written anew as time goes by. */
export function Age({ since }: { since: string | null }) {
  return since === null ? <span class="muted">-</span> : <Known since={since} key={since} />;
}

function Known({ since }: { since: string }) {
  const text = useComputed(() => ageOf((now.value - Date.parse(since)) / 1_000));
  return (
    <time dateTime={since} title={since}>
      {text}
    </time>
  );
}

/** `05:43:10`; the exact time as its title. */
export function Clock({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {clockOf(at)}
    </time>
  );
}
