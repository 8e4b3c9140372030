/** The name, the pages, and how light it is. */
import { PAGES } from "../pages";
import { hrefOf, type PageName, type Route, route } from "../router";
import { store } from "../store";
import { chooseTheme, type Theme, theme } from "../theme";

export function Header() {
  return (
    <header class="top">
      <a class="brand" href={hrefOf({ page: "services" })}>
        <img src="/static/icon.svg" alt="" width="22" height="22" />
        meshglobal
      </a>
      <nav aria-label="Pages">
        <ul>
          {(Object.keys(PAGES) as PageName[]).map((name) => (
            <Entry key={name} name={name} />
          ))}
        </ul>
      </nav>
      <Live />
      <ThemeSwitch />
    </header>
  );
}

function Entry({ name }: { name: PageName }) {
  const nav = PAGES[name].nav;
  if (nav === null) return null;
  const here = route.value.page;
  const isHere = here === name || (here === "service" && name === "services");
  return (
    <li>
      <a href={hrefOf({ page: name } as Route)} aria-current={isHere ? "page" : undefined}>
        {nav.label}
        {name === "findings" ? <Count /> : null}
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
      {findings.length}
      <span class="unseen"> found</span>
    </span>
  );
}

/** Whether what is shown is so now. The banner says why where it is not. */
function Live() {
  const about = store.about.value;
  const isLive = store.isLive.value;
  if (about?.source === "bundle") return <span class="live">From files</span>;
  return (
    <span class={isLive ? "live is-live" : "live"}>
      <span class="dot" aria-hidden="true" />
      {isLive ? "Live" : "Not live"}
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
