/** What was changed from pages of this machine, newest first. */
import "../../actions/actions.css";
import { Actions } from "../../actions/Actions";
import { step } from "../../actions/flow";
import { outcomeLook } from "../../actions/journal";
import { subjectOf } from "../../actions/outcome";
import { Writes } from "../../actions/Writes";
import type { JournalEntry } from "../../api/types";
import { counted } from "../../live/coverage";
import { Command } from "../../parts/Copy";
import { Empty, Loading } from "../../parts/Empty";
import { Mark } from "../../parts/State";
import { Age } from "../../parts/Time";
import { useAnswer } from "../../parts/useAnswer";
import { store } from "../../store";

export function JournalPage() {
  const about = store.about.value;
  if (about === null) return <Loading what="the program" />;
  if (!about.writes)
    return (
      <Empty title="This page only reads">
        <p>
          To change something from here: <code>meshglobal dashboard --allow-writes</code>
        </p>
      </Empty>
    );
  return <Entries />;
}

function Entries() {
  // When something changed in the mesh, it may have been changed from here. Times are seconds: it is not asked more often.
  const again = `${store.history.value[0]?.time} ${step.value.name}`;
  const { body, error } = useAnswer("journal", (server, signal) => server.journal(signal), again);
  if (body === null)
    return error === null ? <Loading what="the journal" /> : <Empty title={`${error.message}. ${error.hint}`} />;
  return (
    <>
      <p>
        <Actions label="Change something…" />
      </p>
      {body.entries.length === 0 ? <Empty title="Nothing has been changed from a page" /> : null}
      <ol class="journal">
        {body.entries.map((entry) => (
          <One key={entry.id} entry={entry} />
        ))}
      </ol>
      {body.illegible === 0 ? null : (
        <p class="muted">{counted(body.illegible, "line")} of the journal could not be read.</p>
      )}
    </>
  );
}

function One({ entry }: { entry: JournalEntry }) {
  const names = [...new Set(entry.objects.map(subjectOf))].join(", ");
  return (
    <li>
      <details>
        <summary>
          <Mark look={outcomeLook(entry)} /> <Age since={entry.time} /> ago by {entry.who}: <bdi>{names}</bdi>{" "}
          <span class="muted">in {[...new Set(entry.objects.map((one) => one.context))].join(", ")}</span>
        </summary>
        {entry.message === "" ? null : <p>{entry.message}</p>}
        {entry.state === "unknown" ? (
          <p>It began, and nothing says how it ended: look at the objects before you change them again.</p>
        ) : null}
        <Command text={entry.command} />
        <Writes writes={entry.writes.length > 0 ? entry.writes : entry.objects.map(asPlanned)} />
      </details>
    </li>
  );
}

/** Where no end is known, what was about to be written. */
function asPlanned(object: JournalEntry["objects"][number]) {
  return { ...object, status: "would-change" as const, warnings: [], failure: null };
}
