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

/** How many findings there are, where that is known and not nothing. */
function Count() {
  const count = store.findings.value?.findings.length ?? 0;
  if (count === 0) return null;
  return (
    <span class="count">
      {count}
      <span class="unseen"> found</span>
    </span>
  );
}

function ThemeSwitch() {
  return (
    <label class="theme">
      <span class="unseen">Colours</span>
      <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
