/** The address is the state: the page by its path, how it is looked at by its query. Back and deep links just work. */
import { batch, type ReadonlySignal, signal } from "@preact/signals";

export type Route =
  | { page: "services" }
  | { page: "service"; namespace: string; name: string }
  | { page: "clusters" }
  | { page: "findings" }
  | { page: "topology" }
  | { page: "nowhere"; path: string };

export type PageName = Route["page"];
export type QueryPatch = Readonly<Record<string, string | readonly string[] | null>>;

/** The page that a path names. */
export function routeOf(path: string): Route {
  const words = path.split("/").filter(Boolean);
  const [first, second, third] = words;
  if (words.length === 0 || (words.length === 1 && first === "services")) return { page: "services" };
  if (words.length === 1 && (first === "clusters" || first === "findings" || first === "topology"))
    return { page: first };
  if (first === "services" && words.length === 3 && second !== undefined && third !== undefined) {
    const [namespace, name] = [decoded(second), decoded(third)];
    if (namespace !== null && name !== null) return { page: "service", namespace, name };
  }
  return { page: "nowhere", path };
}

function decoded(word: string): string | null {
  try {
    return decodeURIComponent(word);
  } catch {
    return null; // a stray % in the address: there is no such page
  }
}

/** The address of a page, with a query. */
export function hrefOf(route: Route, query: QueryPatch = {}): string {
  const search = queryText(patched(new URLSearchParams(), query));
  return pathOf(route) + search;
}

function pathOf(route: Route): string {
  switch (route.page) {
    case "service":
      return `/services/${encodeURIComponent(route.namespace)}/${encodeURIComponent(route.name)}`;
    case "nowhere":
      return route.path;
    default:
      return `/${route.page}`;
  }
}

/** The query with some of its keys set anew; null and "" take a key away, a list writes it once for each. */
export function patched(before: URLSearchParams, patch: QueryPatch): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [key, value] of Object.entries(patch)) {
    after.delete(key);
    const values = value === null ? [] : typeof value === "string" ? [value] : value;
    for (const one of values) if (one !== "") after.append(key, one);
  }
  return after;
}

function queryText(query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

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
