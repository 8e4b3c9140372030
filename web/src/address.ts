/** What an address means: the page by its path, how it is looked at by its query. Pure. */

export type Route =
  | { page: "services" }
  | { page: "service"; namespace: string; name: string }
  | { page: "clusters" }
  | { page: "findings" }
  | { page: "topology" }
  | { page: "journal" }
  | { page: "nowhere"; path: string };

export type PageName = Route["page"];
export type QueryPatch = Readonly<Record<string, string | readonly string[] | null>>;

/** The page that a path names. */
export function routeOf(path: string): Route {
  const words = path.split("/").filter(Boolean);
  const [first, second, third] = words;
  if (words.length === 0 || (words.length === 1 && first === "services")) return { page: "services" };
  if (words.length === 1 && isPlain(first)) return { page: first };
  if (first === "services" && words.length === 3 && second !== undefined && third !== undefined) {
    const [namespace, name] = [decoded(second), decoded(third)];
    if (namespace !== null && name !== null) return { page: "service", namespace, name };
  }
  return { page: "nowhere", path };
}

const PLAIN = ["clusters", "findings", "topology", "journal"] as const;

function isPlain(word: string | undefined): word is (typeof PLAIN)[number] {
  return PLAIN.some((one) => one === word);
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

/** The query as it stands in an address. */
export function queryText(query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
