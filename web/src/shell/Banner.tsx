/** How far what is shown can be believed: whether it is so now, and what could not be read. */
import { type Hole, sentenceOf } from "../live/coverage";
import type { Connection } from "../live/store";
import { now } from "../now";
import { ageOf, clockOf } from "../parts/ages";
import { reconnect, store } from "../store";

export function Banner() {
  return (
    <section class="banners" aria-label="What is known">
      <ConnectionBanner connection={store.connection.value} />
      <CoverageBanner />
      <SourceBanner />
    </section>
  );
}

function ConnectionBanner({ connection }: { connection: Connection }) {
  if (connection.state === "ended")
    return (
      <div class="banner banner-lost" role="alert">
        <p>
          <strong>Not live: {connection.message}.</strong> What is shown was so at {clockOf(connection.since)}. Start
          the program again: <code>meshglobal dashboard</code>
        </p>
      </div>
    );
  if (connection.state !== "reconnecting") return null;
  return (
    <div class="banner banner-lost" role="alert">
      <p>
        <strong>Not live: {connection.reason}.</strong>{" "}
        {store.rows.value === null ? "" : `What is shown was so at ${clockOf(connection.since)}. `}
        <Countdown retryAt={connection.retryAt} />
      </p>
      <button type="button" onClick={reconnect}>
        Try now
      </button>
    </div>
  );
}

/** Not read aloud each second. */
function Countdown({ retryAt }: { retryAt: number }) {
  const seconds = Math.ceil((retryAt - now.value) / 1_000);
  return <span aria-live="off">{seconds > 0 ? `Trying again in ${seconds} s.` : "Trying again …"}</span>;
}

function CoverageBanner() {
  const coverage = store.coverage.value;
  if (store.rows.value === null || coverage.holes.length === 0) return null;
  return (
    <details class="banner banner-coverage">
      <summary>
        <span class="glyph tone-unknown" aria-hidden="true">
          ?
        </span>
        {sentenceOf(coverage)} What stands there is unknown.
      </summary>
      <ul>
        {coverage.holes.map((hole) => (
          <HoleLine key={hole.context} hole={hole} />
        ))}
      </ul>
    </details>
  );
}

function HoleLine({ hole }: { hole: Hole }) {
  return (
    <li>
      <strong>{hole.context}</strong>
      {hole.kinds.length > 0 ? ` (${hole.kinds.join(", ")})` : ""}: {hole.message}
      {hole.nextStep === "" ? null : <span class="muted"> – next: {hole.nextStep}</span>}
    </li>
  );
}

function SourceBanner() {
  const about = store.about.value;
  if (about === null || (about.source !== "bundle" && about.namespace === null)) return null;
  return (
    <div class="banner banner-source">
      <p>
        {about.source === "bundle" ? <Taken at={about.takenAt} /> : null}
        {about.namespace === null ? null : `Of the namespace ${about.namespace} alone.`}
      </p>
    </div>
  );
}

function Taken({ at }: { at: string | null }) {
  const age = at === null ? "" : ageOf((now.value - Date.parse(at)) / 1_000);
  return (
    <>From files, not live. {at === null ? "When they were taken is not known. " : `Taken ${age} ago, at ${at}. `}</>
  );
}
