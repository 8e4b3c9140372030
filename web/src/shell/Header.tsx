/** The name, the pages, and how light it is. */
import { isHelpOpen } from "../keys";
import type { Connection } from "../live/store";
import { hrefOf, route } from "../router";
import { store } from "../store";
import { chooseTheme, type Theme, theme } from "../theme";
import { type Goal, goals } from "./navigation";

export function Header() {
  return (
    <header class="top">
      <a class="brand" href={hrefOf({ page: "services" })}>
        <img src="/static/icon.svg" alt="" width="22" height="22" />
        meshglobal
      </a>
      <nav aria-label="Pages">
        <ul>
          {goals().map((goal) => (
            <Entry key={goal.name} goal={goal} />
          ))}
        </ul>
      </nav>
      <Live />
      <ThemeSwitch />
      <button
        type="button"
        class="theme"
        title="Keys and marks (?)"
        aria-keyshortcuts="?"
        onClick={() => {
          isHelpOpen.value = true;
        }}
      >
        <span aria-hidden="true">?</span>
        <span class="unseen">Keys and marks</span>
      </button>
    </header>
  );
}

function Entry({ goal }: { goal: Goal }) {
  const here = route.value.page;
  const isHere = here === goal.name || (here === "service" && goal.name === "services");
  return (
    <li>
      <a href={goal.href} aria-current={isHere ? "page" : undefined}>
        {goal.label}
        {goal.name === "findings" ? <Count /> : null}
      </a>
    </li>
  );
}

/** How many findings there are, where that is known and not nothing; in the tone of the worst. */
function Count() {
  const findings = store.findings.value?.findings ?? [];
  if (findings.length === 0) return null;
  const levels = new Set(findings.map((finding) => finding.level));
  const tone = levels.has("error") ? "missing" : levels.has("warning") ? "partial" : "unknown";
  return (
    <span class={`count tone-${tone} tint-${tone}`}>
      <span class="unseen">found: </span>
      {findings.length}
    </span>
  );
}

/** Whether what is shown is so now, and all of it. The banners say why where it is not, but may be scrolled away. */
function Live() {
  const about = store.about.value;
  const { clusters, holes } = store.coverage.value;
  return (
    <>
      {holes.length > 0 ? (
        <span class="live is-warned not-narrow">
          {holes.length} of {clusters} not read
        </span>
      ) : null}
      {about?.source === "bundle" ? <span class="live">From files</span> : <Way state={store.connection.value.state} />}
    </>
  );
}

function Way({ state }: { state: Connection["state"] }) {
  if (state === "connecting") return <span class="live">Connecting …</span>;
  return (
    <span class={state === "live" ? "live is-live" : "live is-warned"}>
      <span class="dot" aria-hidden="true" />
      {state === "live" ? "Live" : "Not live"}
    </span>
  );
}

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const LOOK: Readonly<Record<Theme, readonly [string, string]>> = {
  system: ["◐", "Auto"],
  light: ["☼", "Light"],
  dark: ["☾", "Dark"],
};

function ThemeSwitch() {
  const [glyph, word] = LOOK[theme.value];
  const next = LOOK[NEXT[theme.value]][1];
  return (
    <button
      type="button"
      class="theme"
      title={`Colours: ${word}. Change to ${next}`}
      onClick={() => chooseTheme(NEXT[theme.value])}
    >
      <span class="glyph" aria-hidden="true">
        {glyph}
      </span>
      <span class="unseen">Colours: </span>
      <span class="word">{word}</span>
    </button>
  );
}
