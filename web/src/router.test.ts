// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { goBack, hrefOf, navigate, patched, query, route, routeOf, setQuery, takeLinks } from "./router";

beforeEach(() => navigate("/services", { replace: true }));
afterEach(() => document.body.replaceChildren());

test.each([
  ["/", { page: "services" }],
  ["/services", { page: "services" }],
  ["/services/bookinfo/details", { page: "service", namespace: "bookinfo", name: "details" }],
  ["/clusters", { page: "clusters" }],
  ["/findings/", { page: "findings" }],
  ["/topology", { page: "topology" }],
  ["/services/only-one", { page: "nowhere", path: "/services/only-one" }],
  ["/services/a/b/c", { page: "nowhere", path: "/services/a/b/c" }],
  ["/services/%/b", { page: "nowhere", path: "/services/%/b" }],
])("the path %s names a page", (path, page) => {
  expect(routeOf(path)).toEqual(page);
});

test("whatever stands in a name comes back from its address", () => {
  const odd = { page: "service", namespace: 'a/b?c#d <"é', name: "%2e%2e" } as const;
  expect(routeOf(hrefOf(odd))).toEqual(odd);
});

test("a query is written once for each value, and empty ones are left out", () => {
  expect(hrefOf({ page: "services" }, { q: "a b", state: ["missing", "drift"], ns: "", sort: null })).toBe(
    "/services?q=a+b&state=missing&state=drift",
  );
  expect(patched(new URLSearchParams("q=x&ns=y"), { q: null }).toString()).toBe("ns=y");
});

test("a step changes route and query, and what was there is kept", () => {
  setQuery({ q: "de" });
  setQuery({ ns: "bookinfo" });
  expect(location.search).toBe("?q=de&ns=bookinfo");
  expect(query.value.get("q")).toBe("de");
  navigate("/clusters");
  expect(route.value.page).toBe("clusters");
  expect(query.value.toString()).toBe("");
});

test("what changes with every key is no step of Back", () => {
  const steps = history.length;
  setQuery({ q: "d" }, { replace: true });
  setQuery({ q: "de" }, { replace: true });
  expect(history.length).toBe(steps);
  setQuery({ q: "de" });
  expect(history.length).toBe(steps);
  setQuery({ q: "det" });
  expect(history.length).toBe(steps + 1);
});

test("Back without a step before leads to what was said", () => {
  history.replaceState(null, "", "/services/a/b");
  goBack("/services?q=x");
  expect(location.pathname + location.search).toBe("/services?q=x");
});

function click(html: { href: string; download?: string; target?: string }, how: MouseEventInit = {}): boolean {
  const link = Object.assign(document.createElement("a"), html);
  document.body.append(link);
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, ...how });
  const taken = { is: false };
  document.addEventListener(
    "click",
    (seen) => {
      taken.is = seen.defaultPrevented;
      seen.preventDefault(); // nothing shall be loaded in a test
    },
    { once: true },
  );
  link.dispatchEvent(event);
  return taken.is;
}

test("links of this page are taken, and all others are the browser's", () => {
  takeLinks();
  expect(click({ href: "/topology?q=a" })).toBe(true);
  expect(route.value.page).toBe("topology");
  expect(click({ href: "/clusters" }, { ctrlKey: true })).toBe(false);
  expect(click({ href: "/clusters" }, { metaKey: true })).toBe(false);
  expect(click({ href: "/clusters", target: "_blank" })).toBe(false);
  expect(click({ href: "/clusters", download: "x.csv" })).toBe(false);
  expect(click({ href: "https://example.com/clusters" })).toBe(false);
  expect(route.value.page).toBe("topology");
});
