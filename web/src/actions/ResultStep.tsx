/** What came of a change: as the servers answered, cluster by cluster. */
import type { Report } from "../api/types";
import { Glyph, State } from "../parts/State";
import { hrefOf } from "../router";
import { close, type Refusal } from "./flow";
import { type Verdict, verdictOf } from "./outcome";
import { Said } from "./Said";
import { Writes } from "./Writes";

interface ResultProps {
  report: Report;
  refusal: Refusal | null;
  onAgain: () => void;
}

const GLYPHS: Readonly<Record<Verdict["tone"], string>> = { ready: "✓", partial: "◐", missing: "✗", unknown: "?" };

export function ResultStep({ report, refusal, onAgain }: ResultProps) {
  const verdict = verdictOf(report);
  return (
    <div class="result">
      {refusal === null ? <Summary verdict={verdict} /> : <Said refusal={refusal} />}
      {report.notes.map((note) => (
        <p key={note.message} class="failure">
          {note.message}
        </p>
      ))}
      <h3>In each cluster</h3>
      <Writes writes={report.writes} />
      {report.hosts.length === 0 ? null : (
        <>
          <h3>Hosts</h3>
          <ul class="lines">
            {report.hosts.map((host) => (
              <li key={`${host.context} ${host.host}`}>
                <State state={host.state} /> <bdi>{host.context}</bdi>:{" "}
                {host.host ?? `${host.namespace}/${host.service}`}
                {host.reason === "" ? null : <span class="muted"> {host.reason}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      <footer>
        <p>
          <a href={hrefOf({ page: "journal" })} onClick={close}>
            All changes
          </a>
        </p>
        {report.writes.some((write) => write.failure !== null) ? (
          <button type="button" onClick={onAgain}>
            Plan again
          </button>
        ) : null}
        <button type="button" class="main" onClick={close}>
          Done
        </button>
      </footer>
    </div>
  );
}

function Summary({ verdict }: { verdict: Verdict }) {
  return (
    <p>
      <strong>
        <Glyph look={{ word: "", glyph: GLYPHS[verdict.tone], tone: verdict.tone }} /> {verdict.title}
      </strong>{" "}
      {verdict.next}
    </p>
  );
}
