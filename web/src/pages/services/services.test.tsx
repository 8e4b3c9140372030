import { act, cleanup, render, screen, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { GlobalService } from "../../api/types";
import { takeKeys } from "../../keys";
import { navigate, query } from "../../router";
import { store } from "../../store";
import {
  about,
  cell,
  check,
  cluster,
  inventory,
  lostCluster,
  NO_COUNTS,
  service,
  unreadCell,
} from "../../testing/samples";
import { ServicesPage } from "./index";

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
let version = 1;

beforeAll(() => {
  takeKeys();
  (window as unknown as { happyDOM: { setViewport(size: object): void } }).happyDOM.setViewport({ width: 1400 });
});

beforeEach(() => {
  navigate("/services", { replace: true });
  store.setAbout(about());
});

afterEach(cleanup);

function show(services: GlobalService[]) {
  version += 1;
  const clusters = [cluster("cluster1"), cluster("cluster2")];
  store.setServices(inventory(services, { clusters }), version);
  store.setCheck(check({ cluster1: "east", cluster2: "west" }), version);
  return render(<ServicesPage />);
}

function hosts(): string[] {
  return screen.getAllByRole("link").map((link) => link.textContent ?? "");
}

const lost = cell({ context: "cluster2", state: "Missing", reason: "no entry stands there" });
const THREE = [
  service("details"),
  service("reviews", { cells: [cell(), lost] }),
  service("ratings", { namespace: "other", cells: [unreadCell("cluster1")] }),
];

test("each service has a row with its state, the worst first", () => {
  show(THREE);
  const rows = screen.getAllByRole("row").slice(1);
  expect(rows.map((row) => within(row).getAllByRole("cell")[0]?.textContent)).toEqual([
    "✗Missing",
    "?Unknown",
    "✓Ready",
  ]);
  expect(rows[0]?.textContent).toContain("cluster2: no entry stands there");
  expect(within(rows[0] as HTMLElement).getByText("cluster1 Ready, cluster2 Missing")).toBeDefined();
  expect(screen.getByRole("link", { name: "reviews.bookinfo.mesh.internal" }).getAttribute("href")).toBe(
    "/services/bookinfo/reviews",
  );
});

test("what was not read is never shown as fine", () => {
  const { container } = show([service("ratings", { cells: [unreadCell("cluster1")] })]);
  expect(container.querySelectorAll("tbody .tone-ready")).toHaveLength(0);
  expect(container.querySelector("tbody")?.textContent).toContain("?");
});

test("names, hosts and reasons full of HTML are shown as text", () => {
  const evil = service("details", {
    hosts: [EVIL],
    aliases: [EVIL],
    cells: [cell({ state: "Drift", reason: EVIL, context: EVIL })],
  });
  const { container } = show([evil, service("x", { namespace: EVIL })]);
  expect(container.querySelectorAll("img, script")).toHaveLength(0);
  expect(container.textContent).toContain(EVIL);
  navigate(`/services?view=clusters&group=cluster&q=${encodeURIComponent("<img")}`);
  expect(container.querySelectorAll("img, script")).toHaveLength(0);
});

test("typing in the search leaves what matches, and stands in the address", async () => {
  show(THREE);
  await userEvent.type(screen.getByRole("searchbox"), "STANDS there");
  expect(hosts()).toEqual(["reviews.bookinfo.mesh.internal"]);
  expect(query.value.get("q")).toBe("STANDS there");
  expect(screen.getByText("1 of 3 services")).toBeDefined();
});

test("a state, a namespace, a segment and a cluster can be chosen, and all shown again", async () => {
  show(THREE);
  await userEvent.click(screen.getByRole("button", { name: /Missing/ }));
  expect(hosts()).toEqual(["reviews.bookinfo.mesh.internal"]);
  expect(screen.getByRole("button", { name: /Missing/, pressed: true })).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Show all" }));
  await userEvent.selectOptions(screen.getByLabelText("Namespace"), "other");
  expect(hosts()).toEqual(["ratings.other.mesh.internal"]);
  await userEvent.selectOptions(screen.getByLabelText("Cluster"), "cluster2");
  expect(screen.getByText("No service is like that")).toBeDefined();
  await userEvent.click(screen.getAllByRole("button", { name: "Show all" })[0] as HTMLElement);
  await userEvent.selectOptions(screen.getByLabelText("Segment"), "west");
  expect(hosts()).toEqual(["reviews.bookinfo.mesh.internal"]);
  expect(location.search).toBe("?segment=west");
});

test("a click on a head sorts, and says so", async () => {
  show(THREE);
  await userEvent.click(screen.getByRole("button", { name: "Host" }));
  expect(hosts()).toEqual([...hosts()].sort());
  expect(screen.getByRole("columnheader", { name: /Host/ }).getAttribute("aria-sort")).toBe("ascending");
  await userEvent.click(screen.getByRole("button", { name: /Host/ }));
  expect(hosts()).toEqual([...hosts()].sort().reverse());
  expect(screen.getByRole("columnheader", { name: /Host/ }).getAttribute("aria-sort")).toBe("descending");
});

test("a deep link shows the view that it names", () => {
  navigate("/services?view=clusters&group=namespace&state=missing");
  show(THREE);
  expect(screen.getByRole("rowheader").textContent).toContain("bookinfo");
  expect(screen.getAllByRole("cell").map((one) => one.textContent)).toContain("cluster2");
  expect(screen.getByText("1 of 4 rows")).toBeDefined();
});

test("a change of one service draws its row alone again", async () => {
  show(THREE);
  const rowOf = (name: string) => screen.getByRole("link", { name: `${name}.bookinfo.mesh.internal` }).closest("tr");
  const untouched = rowOf("reviews");
  const seen: MutationRecord[] = [];
  const observer = new MutationObserver((records) => seen.push(...records));
  observer.observe(untouched as Node, { subtree: true, childList: true, characterData: true, attributes: true });
  const changed = service("details", { cells: [cell({ endpoints: { ready: 0, total: 3 } })] });
  version += 1;
  await act(() =>
    store.patchServices({ version, services: [changed], removed: [], summary: NO_COUNTS, clusters: null, exitCode: 0 }),
  );
  expect(rowOf("details")?.textContent).toContain("0/3");
  expect(rowOf("details")?.classList.contains("is-fresh")).toBe(true);
  expect(rowOf("reviews")).toBe(untouched);
  await Promise.resolve();
  expect([...seen, ...observer.takeRecords()]).toEqual([]);
});

test("of thousands of services only those in sight are drawn, and their number is told", () => {
  show(Array.from({ length: 5_000 }, (_, place) => service(`s${String(place).padStart(4, "0")}`)));
  expect(screen.getAllByRole("link").length).toBeLessThan(80);
  const table = screen.getByRole("table");
  expect(table.getAttribute("aria-rowcount")).toBe("5001");
  expect(screen.getAllByRole("row")[1]?.getAttribute("aria-rowindex")).toBe("2");
});

test("j and k go from row to row", async () => {
  vi.spyOn(globalThis, "requestAnimationFrame").mockImplementation((call) => {
    call(0);
    return 0;
  });
  show(THREE);
  const user = userEvent.setup();
  await user.keyboard("j");
  expect(document.activeElement?.textContent).toBe("reviews.bookinfo.mesh.internal");
  await user.keyboard("j");
  expect(document.activeElement?.textContent).toBe("ratings.other.mesh.internal");
  await user.keyboard("{ArrowDown}");
  expect(document.activeElement?.textContent).toBe("details.bookinfo.mesh.internal");
  await user.keyboard("jkk");
  expect(document.activeElement?.textContent).toBe("reviews.bookinfo.mesh.internal");
});

test("the download has what is shown", async () => {
  show(THREE);
  await userEvent.click(screen.getByRole("button", { name: /Missing/ }));
  const kept: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    kept.push(blob as Blob);
    return "blob:none";
  });
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  await userEvent.click(screen.getByRole("button", { name: /CSV/ }));
  await userEvent.click(screen.getByRole("button", { name: /JSON/ }));
  expect(clicked).toHaveBeenCalledTimes(2);
  expect((await kept[0]?.text())?.split("\r\n")).toHaveLength(3);
  const document_ = JSON.parse((await kept[1]?.text()) ?? "");
  expect(document_.services.map((one: GlobalService) => one.name)).toEqual(["reviews"]);
});

test("no global service is told apart from none that could be read", () => {
  show([]);
  expect(screen.getByText("No service is global")).toBeDefined();
  cleanup();
  store.setAbout(about({ namespace: "shop" }));
  show([]);
  expect(screen.getByText("No service of the namespace shop is global")).toBeDefined();
  cleanup();
  store.setServices(inventory([], { clusters: [cluster("cluster1"), lostCluster("cluster2")] }), version);
  render(<ServicesPage />);
  expect(screen.getByText("No global service was found where it could be read")).toBeDefined();
});
