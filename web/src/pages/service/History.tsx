/** What happened to the service since the program was started. */
import type { HostChange } from "../../api/types";
import { State } from "../../parts/State";
import { Age, Clock } from "../../parts/Time";

const MOST = 100;

export function History({ history }: { history: readonly HostChange[] }) {
  if (history.length === 0) return <p class="muted">Nothing has changed since the program was started.</p>;
  return (
    <ol class="history">
      {history.slice(0, MOST).map((one) => (
        <li key={`${one.time} ${one.context} ${one.host} ${one.before} ${one.after}`}>
          <span class="history-time">
            <Clock at={one.time} />{" "}
            <span class="muted">
              (<Age since={one.time} /> ago)
            </span>
          </span>{" "}
          <strong>{one.context}</strong> {one.host}: <Place state={one.before} none="not there" />{" "}
          <span aria-hidden="true">→</span>
          <span class="unseen">, now</span> <Place state={one.after} none="gone" />{" "}
          {one.reason ? <span class="reason">{one.reason}</span> : null}
        </li>
      ))}
    </ol>
  );
}

function Place({ state, none }: { state: HostChange["before"]; none: string }) {
  return state === null ? <span class="muted">{none}</span> : <State state={state} />;
}
