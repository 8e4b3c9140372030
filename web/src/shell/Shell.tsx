/** What stands around every page: header, coverage, the state of the connection, help, and what is said aloud. */
import { useEffect, useRef } from "preact/hooks";
import { announced } from "../announce";
import { isHelpOpen, useKeys } from "../keys";
import { PAGES } from "../pages";
import { hrefOf, navigate, route } from "../router";
import { store } from "../store";
import { Banner } from "./Banner";
import { Header } from "./Header";
import { Help } from "./Help";
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
    "g s": () => navigate(hrefOf({ page: "services" })),
    "g c": () => navigate(hrefOf({ page: "clusters" })),
    "g f": () => navigate(hrefOf({ page: "findings" })),
    "g t": () => navigate(hrefOf({ page: "topology" })),
  });
  if (store.connection.value.state === "refused") return <Refused />;
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
      <div class="unseen" role="status" aria-live="polite">
        {announced}
      </div>
    </div>
  );
}

/** The title of the window; and after a step to another page the heading has the focus, so that readers begin there. */
function useHeading(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} · meshglobal`;
    if (!isFirst.current) {
      scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [title]);
  return heading;
}
