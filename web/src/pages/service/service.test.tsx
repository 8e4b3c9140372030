import { act, cleanup, render, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiError } from "../../api/client";
import type { ServiceDetail } from "../../api/dashboard";
import type { Chain, ChainLink, GlobalService, HostChange } from "../../api/types";
import { store } from "../../store";
import { Answers, detail, diagnosis, finding } from "../../testing/answers";
import { cell, cluster, inventory, NO_COUNTS, service, unreadCell, verdict } from "../../testing/samples";
import { ServicePage } from "./index";

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
const ROUTE = { page: "service", namespace: "bookinfo", name: "details" } as const;
let version = 1;
let answers: Answers;

beforeEach(() => {
  answers = new Answers().connect();
});
afterEach(cleanup);

function show(rows: GlobalService[], known: ServiceDetail | null, route = ROUTE) {
  version += 1;
  store.setServices(inventory(rows, { clusters: [cluster("cluster1"), cluster("cluster2")] }), version);
  if (known !== null) answers.documents.set("service bookinfo/details", known);
  return render(<ServicePage route={route} />);
}

function link(name: string, over: Partial<ChainLink> = {}): ChainLink {
  return { name, outcome: "ok", message: "", level: null, cause: "", code: null, remedy: "", waived: "", ...over };
}

const REMEDY = "meshglobal expose svc details -n bookinfo --context cluster2";
const broken = link("scope", { outcome: "broken", level: "error", message: "not published", remedy: REMEDY });
const CHAINS: Chain[] = [
  { context: "cluster1", links: [link("reachable"), link("scope", { message: "global" })] },
  { context: "cluster2", links: [link("reachable"), broken, link("entry", { outcome: "not checked" })] },
];
const CAUSE = {
  contexts: ["cluster2"],
  link: "scope",
  level: "error",
  message: "not published",
  code: "MG101",
  remedy: REMEDY,
  explains: ["MG207"],
} as const;

test("the row is there at once, the rest when it was asked for", async () => {
  show([service("details")], detail());
  expect(screen.getByText("details.bookinfo.mesh.internal")).toBeDefined();
  expect(screen.queryByRole("heading", { name: "Link by link" })).toBeNull();
  expect(await screen.findByRole("heading", { name: "Link by link" })).toBeDefined();
  expect(answers.asked).toEqual(["service bookinfo/details"]);
});

test("the cause comes first, with the command that mends it", async () => {
  const found = diagnosis({ chains: CHAINS, cause: { ...CAUSE, contexts: ["cluster2"], explains: ["MG207"] } });
  show([service("details")], detail({ diagnosis: found }));
  const cause = await screen.findByRole("region", { name: "Cause" });
  expect(cause.textContent).toContain("cluster2: scope: not published [MG101]");
  expect(cause.textContent).toContain("It brings about MG207.");
  expect(cause.querySelector(".command code")?.textContent).toBe(REMEDY);
  const first = screen.getByRole("heading", { name: "Clusters" });
  expect(cause.compareDocumentPosition(first)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

test("a chain shows its links up to the first broken one, and what nobody looked at after it", async () => {
  const { container } = show([service("details")], detail({ diagnosis: diagnosis({ chains: CHAINS }) }));
  await screen.findByText("Not looked at after that: entry.");
  const [worst, fine] = [...container.querySelectorAll<HTMLDetailsElement>(".chain")];
  expect(worst?.querySelector("summary")?.textContent).toBe("cluster2 ✗broken at: scope");
  expect([...(worst?.querySelectorAll("li") ?? [])].map((one) => one.textContent)).toEqual([
    "reachable ✓ok ",
    `scope ✗broken not published${REMEDY}Copy the command for scope in cluster2`,
  ]);
  expect(fine?.querySelector("summary")?.textContent).toBe("cluster1 ✓all ok");
});

test("of many clusters those in which nothing is broken are one line", async () => {
  const fine = Array.from({ length: 20 }, (_, place) => ({
    context: `c${place}`,
    links: [link("peers joined", { message: `${place} others` })],
  }));
  const { container } = show([service("details")], detail({ diagnosis: diagnosis({ chains: [...fine, ...CHAINS] }) }));
  const line = await screen.findByText("21 clusters in which nothing is broken");
  expect(container.querySelectorAll(".chain")).toHaveLength(1);
  await userEvent.click(line);
  await waitFor(() => expect(container.querySelectorAll(".chain")).toHaveLength(22));
});

test("a chain that ends at a cluster that was not read is not called broken red, nor fine", async () => {
  const lost = link("reachable", { outcome: "broken", level: "unknown", message: "timeout" });
  const { container } = show(
    [service("details", { cells: [unreadCell("cluster1")] })],
    detail({ service: service("details"), diagnosis: diagnosis({ chains: [{ context: "cluster1", links: [lost] }] }) }),
  );
  await screen.findByRole("heading", { name: "Link by link" });
  expect(container.querySelectorAll(".tone-ready, .tone-missing")).toHaveLength(0);
});

test("without a cause it is said that none was found", async () => {
  const { container } = show([service("details")], detail({ diagnosis: diagnosis({ chains: CHAINS.slice(0, 1) }) }));
  await screen.findByText("No broken link found.");
  expect(container.querySelector(".cause-none .tone-ready")).not.toBeNull();
});

test("each cluster has its line, and what was not read is a question mark", () => {
  const cells = [
    cell({ hosts: [verdict({ publishers: ["cluster1"], missingPeers: ["cluster3"] })] }),
    unreadCell("cluster2"),
  ];
  show([service("details", { cells })], null);
  const rows = within(screen.getByRole("table")).getAllByRole("row").slice(1);
  expect(rows.map((row) => [...row.children].slice(2, 8).map((one) => one.textContent))).toEqual([
    ["global (by service)", "80/HTTP", "1/1", "no", "(PreferNetwork)", "autogen.bookinfo.details"],
    ["?", "?", "?", "?", "?", "?"],
  ]);
  expect(rows[0]?.lastElementChild?.textContent).toBe("cluster1not joined: cluster3");
});

test("objects stand in tabs that arrows go through", async () => {
  const entries = [
    { context: "cluster1", kind: "ServiceEntry", name: "e", yaml: "kind: ServiceEntry\nmine: 1\n" },
    { context: "cluster2", kind: "ServiceEntry", name: "e", yaml: "kind: ServiceEntry\nyours: 2\n" },
  ];
  const objects = [
    {
      context: "cluster1",
      kind: "Service",
      name: "details",
      labels: {},
      annotations: {},
      yaml: "kind: Service\n",
    } as const,
  ];
  show([service("details")], detail({ entries, objects: [...objects] }));
  const tab = await screen.findByRole("tab", { name: /ServiceEntry/, selected: true });
  expect(screen.getByRole("tabpanel").querySelector("pre")?.textContent).toBe("kind: ServiceEntry\nmine: 1\n");
  await userEvent.selectOptions(screen.getByLabelText("Cluster and name"), "cluster2: e");
  expect(screen.getByRole("tabpanel").querySelector("pre")?.textContent).toContain("yours: 2");
  tab.focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(document.activeElement).toBe(screen.getByRole("tab", { name: /^Service 1/, selected: true }));
  expect(screen.getByRole("tabpanel").querySelector("pre")?.textContent).toBe("kind: Service\n");
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole("tab", { name: /ServiceEntry/, selected: true })).toBeDefined();
});

test("references, changes, findings and commands stand below", async () => {
  const change: HostChange = {
    apiVersion: "",
    kind: "HostChange",
    time: "2026-01-01T00:00:00Z",
    exitCode: 0,
    context: "cluster1",
    namespace: "bookinfo",
    service: "details",
    host: "h",
    before: "Ready",
    after: null,
    reason: "gone",
    verdict: null,
  };
  const reference = {
    context: "cluster1",
    kind: "HTTPRoute",
    namespace: "bookinfo",
    name: "r",
    field: "spec.rules[0]",
    text: "details.bookinfo.mesh.internal",
  };
  const { container } = show(
    [service("details", { cells: [cell({ hosts: [verdict()] })] })],
    detail({ history: [change], references: [reference], diagnosis: diagnosis({ findings: [finding()] }) }),
  );
  await screen.findByText("HTTPRoute bookinfo/r");
  expect(container.querySelector(".history li")?.textContent).toContain("cluster1 h: ✓Ready →, now gone gone");
  expect(container.querySelector(".finding-message")?.textContent).toBe("takeover with PreferNetwork (R27)");
  expect([...container.querySelectorAll(".offers code")].map((one) => one.textContent)).toContain(
    "meshglobal call svc details -n bookinfo",
  );
});

test("when the row changes, the rest is asked for again", async () => {
  show([service("details")], detail());
  await screen.findByRole("heading", { name: "Link by link" });
  const changed = service("details", { cells: [cell({ state: "Drift" })] });
  version += 1;
  await act(() =>
    store.patchServices({ version, services: [changed], removed: [], summary: NO_COUNTS, clusters: null, exitCode: 1 }),
  );
  expect(screen.getAllByText("Drift").length).toBeGreaterThan(0);
  await waitFor(() => expect(answers.asked.length).toBeGreaterThan(1), { timeout: 3_000 });
});

test("however much changes, the rest is asked for only now and then, and at last for the newest", async () => {
  show([service("details")], detail());
  await screen.findByRole("heading", { name: "Link by link" });
  const before = answers.asked.length;
  const start = Date.now();
  for (let round = 0; round < 50; round += 1) {
    const changed = service("details", { cells: [cell({ endpoints: { ready: round, total: 50 } })] });
    version += 1;
    const news = { version, services: [changed], removed: [], summary: NO_COUNTS, clusters: null, exitCode: 0 };
    await act(() => store.patchServices(news));
  }
  answers.documents.set("service bookinfo/details", detail({ entries: [], isComplete: true, diagnosis: null }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "Link by link" })).toBeNull(), { timeout: 3_000 });
  // Twice a second at most, however slow the machine is that runs this.
  expect(answers.asked.length - before).toBeLessThanOrEqual((Date.now() - start) / 500 + 2);
});

test("while pods are being read, that is said, and it is asked again", async () => {
  show([service("details")], detail({ isComplete: false }));
  await screen.findByText(/Not everything has been read yet/);
  answers.documents.set("service bookinfo/details", detail());
  await waitFor(() => expect(screen.queryByText(/Not everything has been read yet/)).toBeNull(), { timeout: 4_000 });
});

test("a service that no cluster publishes is shown all the same; one that nobody has is not found", async () => {
  show([], detail({ service: service("details", { hosts: [], cells: [cell({ state: null, scope: "cluster" })] }) }));
  expect(await screen.findByText(/It has no global host/)).toBeDefined();
  expect(screen.queryByRole("link", { name: "In the topology" })).toBeNull();
  cleanup();
  answers.documents.clear();
  show([], null);
  expect(await screen.findByText(/No service bookinfo\/details was found/)).toBeDefined();
});

test("when the rest cannot be loaded, the row stays, and it is said why", async () => {
  answers.problem = new ApiError(500, "the disk is full", "make room");
  show([service("details")], null);
  expect((await screen.findByRole("alert")).textContent).toContain("the disk is full. Next: make room.");
  expect(screen.getByRole("table")).toBeDefined();
});

test("texts full of HTML are shown as text", async () => {
  const evil = service("details", {
    hosts: [EVIL],
    aliases: [EVIL],
    cells: [cell({ context: EVIL, reason: EVIL, scope: EVIL, ports: [EVIL], distribution: EVIL, entry: EVIL })],
  });
  const chain = {
    context: EVIL,
    links: [link(EVIL, { outcome: "broken", message: EVIL, cause: EVIL, code: EVIL, remedy: `kubectl ${EVIL}` })],
  };
  const known = detail({
    diagnosis: diagnosis({
      chains: [chain],
      cause: { ...CAUSE, contexts: [EVIL], message: EVIL, explains: [EVIL] },
      findings: [finding({ message: EVIL })],
    }),
    entries: [{ context: EVIL, kind: "ServiceEntry", name: EVIL, yaml: `a: ${EVIL}\n# ${EVIL}\n` }],
    references: [{ context: EVIL, kind: EVIL, namespace: EVIL, name: EVIL, field: EVIL, text: EVIL }],
  });
  const { container } = show([evil], known);
  await screen.findByRole("region", { name: "Cause" });
  expect(container.querySelectorAll("img, script")).toHaveLength(0);
  expect(container.textContent).toContain(EVIL);
});
