/** What stands around every page: header, coverage, the state of the connection, help, and what is said aloud. */
import { useEffect, useRef } from "preact/hooks";
import { ChangeDialog } from "../actions";
import { announced } from "../announce";
import { isHelpOpen, isTyping, useKeys } from "../keys";
import { PAGES } from "../pages";
import { goBack, hrefOf, lastStep, navigate, route } from "../router";
import { store } from "../store";
import { Banner } from "./Banner";
import { Header } from "./Header";
import { Help } from "./Help";
import { goals } from "./navigation";
import { Refused } from "./Refused";

export function Shell() {
  const here = route.value;
  const entry = PAGES[here.page];
  const Page = entry.component;
  const heading = useHeading(entry.title(here));
  useKeys({
    "?": () => {
      isHelpOpen.value = true;
    },
    Escape: leave,
    ...Object.fromEntries(goals().map(({ key, href }) => [`g ${key}`, () => navigate(href)])),
  });
  if (store.connection.value.state === "refused") return <Refused onToken={() => location.reload()} />;
  return (
    <div class={store.isLive.value || store.rows.value === null ? "shell" : "shell is-old"}>
      <a class="skip" href="#main">
        To the content
      </a>
      <Header />
      <Banner />
      <main id="main" tabIndex={-1}>
        <h1 ref={heading} tabIndex={-1}>
          {entry.title(here)}
        </h1>
        <Page route={here} />
      </main>
      <Help />
      <ChangeDialog />
      <div class="unseen" role="status" aria-live="polite">
        {announced}
      </div>
    </div>
  );
}

/** Out of a field; else back from what was opened. The services are where one comes from. */
function leave(): boolean {
  const { activeElement } = document;
  if (isTyping(activeElement)) {
    (activeElement as HTMLElement).blur();
    return true;
  }
  if (isHelpOpen.value || route.value.page !== "service") return false;
  goBack(hrefOf({ page: "services" }));
  return true;
}

/** The title of the window; and after a step to another page the heading has the focus, so that readers begin there. */
function useHeading(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} · meshglobal`;
    const step = lastStep();
    if (step === "push") scrollTo(0, 0);
    // After Back a page may have put the focus where it was.
    if (!isFirst.current && (step === "push" || document.activeElement === document.body))
      heading.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [title]);
  return heading;
}
