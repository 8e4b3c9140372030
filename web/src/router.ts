/** The address is the state: the page by its path, how it is looked at by its query. Back and deep links just work. */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { patched, type QueryPatch, queryText, type Route, routeOf } from "./address";

export { hrefOf, type PageName, patched, type QueryPatch, type Route, routeOf } from "./address";

const here = signal<Route>(routeOf(location.pathname));
const asked = signal<URLSearchParams>(new URLSearchParams(location.search));

/** The page that is shown. */
export const route: ReadonlySignal<Route> = here;
/** How it is looked at. Never changed in place. */
export const query: ReadonlySignal<URLSearchParams> = asked;

/** How the address came to be what it is: by a step of this page, or by the browser's Back and Forward. */
export type Step = "first" | "push" | "replace" | "pop";
let last: Step = "first";

export function lastStep(): Step {
  return last;
}

function follow(step: Step): void {
  last = step;
  batch(() => {
    here.value = routeOf(location.pathname);
    asked.value = new URLSearchParams(location.search);
  });
}

/** Go to an address of this page, as `hrefOf` makes it. */
export function navigate(href: string, how: { replace?: boolean } = {}): void {
  if (how.replace) history.replaceState(history.state, "", href);
  else history.pushState({ isInside: true }, "", href);
  follow(how.replace ? "replace" : "push");
}

/** To where the user came from; to a given address where that was not on this page. */
export function goBack(otherwise: string): void {
  if ((history.state as { isInside?: boolean } | null)?.isInside === true) history.back();
  else navigate(otherwise);
}

/** Look at the same page in another way. With `replace` no step of Back: for what changes with every key. */
export function setQuery(patch: QueryPatch, how: { replace?: boolean } = {}): void {
  const next = location.pathname + queryText(patched(asked.value, patch));
  if (next !== location.pathname + location.search) navigate(next, how);
}

/** Let links of this page change the address without loading it anew; everything else stays the browser's. */
export function takeLinks(root: Document = document): void {
  addEventListener("popstate", () => follow("pop"));
  root.addEventListener("click", (event) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || link.target !== "" || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash !== "" && link.pathname === location.pathname) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
