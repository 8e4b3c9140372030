import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ClusterReport, Direction, FleetCheck, Member, Tie } from "../../api/types";
import { navigate, query } from "../../router";
import { store } from "../../store";
import { check, cluster, lostCluster } from "../../testing/samples";
import { ClustersPage } from "./index";

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
const NAMES = ["cluster1", "cluster2", "cluster3"];

beforeEach(() => navigate("/clusters", { replace: true }));
afterEach(cleanup);

function tie(context: string, peer: string, state: Tie = "linked"): Direction {
  return { context, peer, state };
}

function linked(names: readonly string[]): Direction[] {
  return names.flatMap((one) => names.filter((other) => other !== one).map((other) => tie(one, other)));
}

function show(peering: Direction[], members?: Member[], clusters?: ClusterReport[]) {
  const plain = check(Object.fromEntries(NAMES.map((name) => [name, null])));
  const document_: FleetCheck = {
    ...plain,
    peering,
    members: members ?? plain.members,
    clusters: clusters ?? NAMES.map((name) => cluster(name)),
  };
  store.setFindings({ apiVersion: "", kind: "Findings", findings: [], waived: [] }, 1);
  store.setCheck(document_, 1);
  return render(<ClustersPage />);
}

test("each cluster has a row with what is known of it", () => {
  show(linked(NAMES));
  const [table] = screen.getAllByRole("table");
  const row = within(table as HTMLElement)
    .getByRole("rowheader", { name: "cluster1" })
    .closest("tr");
  expect([...(row?.children ?? [])].map((one) => one.textContent)).toEqual([
    "cluster1",
    "✓read",
    "1/1",
    "1.29.0",
    "cluster1",
    "-",
    "✓ready",
    "-",
    "1/1",
    "0",
  ]);
});

test("a cluster's name leads to what it has of each service", () => {
  show(linked(NAMES));
  expect(screen.getByRole("link", { name: "cluster2" }).getAttribute("href")).toBe(
    "/services?cluster=cluster2&view=clusters",
  );
});

test("a cluster that was not reached says why, and nothing of it is green", () => {
  const [plain] = check({ cluster1: null }).members;
  const lost = {
    ...plain,
    reached: false,
    controlPlaneReady: null,
    versions: [],
    network: null,
    gateway: "unknown",
  } as Member;
  const { container } = show([], [lost], [lostCluster("cluster1")]);
  expect(container.textContent).toContain("cluster1 did not answer within 5 s");
  expect(container.querySelectorAll(".tone-ready")).toHaveLength(0);
});

test("the matrix is a table with heads, and a cell says its word", () => {
  show([...linked(NAMES).slice(1), tie("cluster1", "cluster2", "missing")]);
  const matrix = screen.getByRole("table", { name: /What each cluster/ });
  expect(
    within(matrix)
      .getAllByRole("columnheader")
      .map((one) => one.textContent),
  ).toEqual(NAMES);
  const row = within(matrix).getByRole("rowheader", { name: "cluster1" }).closest("tr");
  expect([...(row?.querySelectorAll("td") ?? [])].map((one) => one.textContent)).toEqual([
    "itself",
    "missing",
    "linked",
  ]);
});

test("pairs that are not linked both ways are told in words", () => {
  show([...linked(NAMES).filter((one) => one.context !== "cluster2"), tie("cluster2", "cluster1", "failed")]);
  expect(screen.getByRole("heading", { name: "Not known to be linked both ways (2)" })).toBeDefined();
  expect(screen.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
    "cluster2 says of cluster1: !failed cluster1 of cluster2: ✓linked",
    "cluster2 says of cluster3: ?unknown cluster3 of cluster2: ✓linked",
  ]);
});

test("only clusters in trouble can be shown, and that stands in the address", async () => {
  show([...linked(NAMES).slice(1), tie("cluster1", "cluster2", "missing")]);
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Clusters" }), "trouble");
  expect(query.value.get("only")).toBe("trouble");
  const matrix = screen.getByRole("table", { name: /What each cluster/ });
  expect(
    within(matrix)
      .getAllByRole("columnheader")
      .map((one) => one.textContent),
  ).toEqual(["cluster1", "cluster2"]);
});

test("a search leaves its clusters, in the table and in the matrix", async () => {
  show(linked(NAMES));
  await userEvent.type(screen.getByRole("searchbox"), "cluster3");
  expect(screen.getAllByRole("rowheader").map((one) => one.textContent)).toEqual(["cluster3", "cluster3"]);
  expect(screen.getByText("1 of 3 clusters")).toBeDefined();
});

test("the cell that is pointed at is told both ways, and its column lit up", () => {
  const { container } = show([...linked(NAMES).slice(1), tie("cluster1", "cluster2", "missing")]);
  const cell = container.querySelector(".matrix tbody tr")?.children[2] as HTMLElement;
  fireEvent.mouseOver(cell);
  expect(container.querySelector(".matrix-said")?.textContent).toBe(
    "cluster1 → cluster2: missing · cluster2 → cluster1: linked",
  );
  expect(container.querySelectorAll(".matrix-column")).toHaveLength(1);
  fireEvent.mouseLeave(container.querySelector(".matrix") as HTMLElement);
  expect(container.querySelectorAll(".matrix-column")).toHaveLength(0);
});

test("a hundred clusters have ten thousand cells, small ones", () => {
  const names = Array.from({ length: 100 }, (_, place) => `c${place}`);
  const { container } = show(linked(names), check(Object.fromEntries(names.map((name) => [name, null]))).members);
  expect(container.querySelectorAll(".matrix-small tbody td")).toHaveLength(10_000);
});

test("names full of HTML are shown as text", () => {
  const [plain] = check({ [EVIL]: EVIL }).members;
  const other = { ...plain, context: "b", network: EVIL, versions: [EVIL], addresses: [EVIL] } as Member;
  const { container } = show([tie(EVIL, "b", "failed")], [plain as Member, other], []);
  expect(container.querySelectorAll("img, script")).toHaveLength(0);
  expect(container.textContent).toContain(EVIL);
});
