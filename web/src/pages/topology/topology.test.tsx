import { act, cleanup, render, screen, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GlobalService } from "../../api/types";
import { navigate, query, route } from "../../router";
import { store } from "../../store";
import { cell, check, cluster, inventory, service, unreadCell, verdict } from "../../testing/samples";
import { TopologyPage } from "./index";

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
const hosts = [verdict({ publishers: ["cluster1"] })];
const absent = { present: false, endpoints: null } as const;
let version = 1;

beforeEach(() => navigate("/topology", { replace: true }));
afterEach(cleanup);

function show(services: GlobalService[], names = ["cluster1", "cluster2"]) {
  version += 1;
  store.setServices(inventory(services, { clusters: names.map((name) => cluster(name)) }), version);
  store.setCheck(check(Object.fromEntries(names.map((name) => [name, null]))), version);
  return render(<TopologyPage />);
}

function local(name: string, over: Partial<GlobalService> = {}): GlobalService {
  return service(name, { cells: [cell({ hosts }), cell({ context: "cluster2", hosts, ...absent })], ...over });
}

function links(): string[] {
  return screen.getAllByRole("link").map((one) => one.getAttribute("aria-label") ?? "");
}

test("services and clusters are links that say in words what is drawn", () => {
  show([local("details")]);
  expect(links()).toEqual([
    "bookinfo/details: 2 Ready; served by cluster1",
    "cluster1, network cluster1: 1 Ready. Look from here",
    "cluster2, network cluster2: 1 Ready. Look from here",
  ]);
});

test("a line's class says state and preference", () => {
  const { container } = show([local("details")]);
  expect([...container.querySelectorAll(".topology-lines path")].map((one) => one.getAttribute("class"))).toEqual([
    "topology-line tone-ready weight-preferred",
    "topology-line tone-ready weight-fallback",
  ]);
});

test("what was not read is never drawn as fine", () => {
  const { container } = show([service("details", { cells: [unreadCell("cluster1")] })], ["cluster1"]);
  expect(container.querySelectorAll("svg.topology .tone-ready")).toHaveLength(0);
  expect(container.querySelectorAll("svg.topology path.tone-unknown")).toHaveLength(1);
});

test("a click on a cluster looks from there, another one looks from all again", async () => {
  show([local("details")]);
  await userEvent.click(screen.getByRole("link", { name: /^cluster2/ }));
  expect(query.value.get("from")).toBe("cluster2");
  expect(screen.getByRole("link", { name: /^cluster2.*Back to all clusters/ })).toBeDefined();
  await userEvent.click(screen.getByRole("link", { name: /^cluster2/ }));
  expect(query.value.get("from")).toBeNull();
});

test("a click on a service opens it without loading the page anew", async () => {
  show([local("details")]);
  await userEvent.click(screen.getByRole("link", { name: /^bookinfo/ }));
  expect(route.value).toEqual({ page: "service", namespace: "bookinfo", name: "details" });
});

test("the node that has the focus is told, and its lines are drawn above the others", () => {
  const { container } = show([local("details"), local("reviews")]);
  expect(container.querySelectorAll(".topology-active path")).toHaveLength(0);
  act(() => screen.getByRole("link", { name: /reviews/ }).focus());
  expect(container.querySelectorAll(".topology-active path")).toHaveLength(2);
  expect(container.querySelector(".topology-said")?.textContent).toContain("bookinfo/reviews: 2 Ready");
  act(() => screen.getByRole("link", { name: /reviews/ }).blur());
  expect(container.querySelectorAll(".topology-active path")).toHaveLength(0);
});

test("filters are those of the services, by the address", async () => {
  navigate("/topology?state=missing");
  show([local("details"), local("reviews", { cells: [cell({ state: "Missing", hosts })] })]);
  expect(links()[0]).toContain("bookinfo/reviews");
  expect(screen.getByText("1 of 2 services")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Show all" }));
  await userEvent.type(screen.getByRole("searchbox"), "nowhere");
  expect(screen.getByText("No service is like that.")).toBeDefined();
});

test("the same stands in a table", async () => {
  show([local("details")]);
  await userEvent.click(screen.getByText("The same as a table (2 lines)"));
  const rows = within(await screen.findByRole("table"))
    .getAllByRole("row")
    .slice(1);
  expect(rows.map((row) => [...row.children].map((one) => one.textContent))).toEqual([
    ["bookinfo/details", "cluster1", "✓Ready", "yes", "PreferNetwork", "requests stay in the own network"],
    ["bookinfo/details", "cluster2", "✓Ready", "no", "PreferNetwork", "requests go to other networks"],
  ]);
});

test("of very many services the first are drawn, and it is said", () => {
  show(Array.from({ length: 200 }, (_, place) => local(`s${String(place).padStart(3, "0")}`)));
  expect(links()).toHaveLength(62);
  expect(screen.getByText(/The first 60 of 200 services are drawn/)).toBeDefined();
});

test("names full of HTML are shown as text", () => {
  const evil = service(EVIL, { namespace: EVIL, cells: [cell({ context: EVIL, distribution: EVIL })] });
  const { container } = show([evil], [EVIL]);
  expect(container.querySelectorAll("img, script")).toHaveLength(0);
  expect(links()[0]).toContain(EVIL);
});
