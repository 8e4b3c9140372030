import { cleanup, render, screen, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Evidence, Finding, Waived } from "../../api/types";
import { takeKeys } from "../../keys";
import { navigate, query } from "../../router";
import { store } from "../../store";
import { Answers, finding } from "../../testing/answers";
import { cluster, inventory, lostCluster } from "../../testing/samples";
import { FindingsPage } from "./index";

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

beforeAll(() => takeKeys());
beforeEach(() => navigate("/findings", { replace: true }));
afterEach(cleanup);

function show(findings: Finding[], waived: Waived[] = [], clusters = [cluster("cluster1"), cluster("cluster2")]) {
  store.setServices(inventory([], { clusters }), 1);
  store.setFindings({ apiVersion: "", kind: "Findings", findings, waived }, 1);
  return render(<FindingsPage />);
}

const error = finding({ code: "MG102", slug: "scope-unknown", level: "error", message: "globl publishes nothing" });
const unknown = finding({
  code: "MG601",
  level: "unknown",
  message: "cluster2 is silent",
  context: "cluster2",
  service: null,
});

test("the worst stand first, each with what mends it", () => {
  show([finding(), unknown, error]);
  expect(screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent)).toEqual([
    "✗1 error",
    "?1 unknown",
    "!1 warning",
  ]);
  const worst = screen.getByRole("region", { name: "MG102 scope-unknown" });
  expect(within(worst).getByText("globl publishes nothing")).toBeDefined();
  expect(worst.querySelector(".command code")?.textContent).toBe(error.remedy);
  expect(within(worst).getByRole("link", { name: "bookinfo/details" }).getAttribute("href")).toBe(
    "/services/bookinfo/details",
  );
});

test("what was seen says the value, and the right one", () => {
  const evidence: Evidence[] = [
    {
      context: "cluster1",
      kind: "Service",
      namespace: "bookinfo",
      name: "details",
      field: "metadata.x",
      value: null,
      expected: "Any",
    },
    { context: "cluster1", kind: "Segment", namespace: null, name: "", field: "", value: null, expected: null },
  ];
  show([finding({ evidence })]);
  const rows = screen.getAllByRole("row").slice(1);
  expect(rows.map((row) => [...row.children].map((one) => one.textContent))).toEqual([
    ["cluster1", "Service bookinfo/details", "metadata.x", "not set", "Any"],
    ["cluster1", "no Segment", "-", "-", "-"],
  ]);
});

test("what is worded alike in several clusters is one card with one command", () => {
  const other = finding({ context: "cluster2", remedy: finding().remedy.replace("cluster1", "cluster2") });
  const { container } = show([finding(), other]);
  expect(container.querySelectorAll(".finding")).toHaveLength(1);
  expect(container.querySelector(".places")?.textContent).toBe("bookinfo/details in cluster1, cluster2");
  expect(container.querySelector(".command code")?.textContent).toContain("--context cluster1,cluster2");
});

test("filters stand in the address, and all can be shown again", async () => {
  const { container } = show([finding(), unknown, error]);
  await userEvent.selectOptions(screen.getByLabelText("Severity"), "error");
  expect(query.value.get("level")).toBe("error");
  expect(container.querySelectorAll(".finding")).toHaveLength(1);
  expect(screen.getByText("1 of 3 findings")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Show all" }));
  await userEvent.type(screen.getByRole("searchbox"), "silent");
  expect(container.querySelector(".finding-message")?.textContent).toContain("cluster2 is silent");
  await userEvent.type(screen.getByRole("searchbox"), " or not");
  expect(screen.getByText("No finding is like that.")).toBeDefined();
});

test("a deep link shows what it names", () => {
  navigate("/findings?cluster=cluster2");
  const { container } = show([finding(), unknown, error]);
  expect(container.querySelectorAll(".finding")).toHaveLength(1);
  expect((screen.getByLabelText("Cluster") as HTMLSelectElement).value).toBe("cluster2");
});

test("j and k go from finding to finding, and Enter opens the service", async () => {
  const { container } = show([finding(), unknown, error]);
  const all = [...container.querySelectorAll(".finding")];
  await userEvent.keyboard("j");
  expect(document.activeElement).toBe(all[0]);
  await userEvent.keyboard("j{ArrowDown}j");
  expect(document.activeElement).toBe(all[2]);
  await userEvent.keyboard("kk");
  expect(document.activeElement).toBe(all[0]);
  const opened: string[] = [];
  container.addEventListener("click", (event) => {
    event.preventDefault();
    opened.push((event.target as HTMLAnchorElement).pathname);
  });
  await userEvent.keyboard("{Enter}");
  expect(opened).toEqual(["/services/bookinfo/details"]);
});

test("what is waived stands apart, with its reason", () => {
  const waived = {
    code: "MG107",
    subject: "bookinfo/details",
    message: "takeover",
    reason: "until the move",
    expires: "2027-01-01",
    fingerprint: "f",
    level: "warning",
    context: null,
    namespace: null,
    service: null,
  } as Waived;
  show([], [waived]);
  const region = screen.getByRole("region", { name: "Waived (1)" });
  expect(region.textContent).toContain("Waived: until the move (until 2027-01-01)");
});

test("nothing found is only called fine where everything was read", () => {
  const { container } = show([]);
  expect(container.querySelector(".tone-ready")?.textContent).toContain("Nothing wrong found");
  cleanup();
  const partial = show([], [], [cluster("cluster1"), lostCluster("cluster2")]);
  expect(partial.container.querySelectorAll(".tone-ready")).toHaveLength(0);
  expect(partial.container.textContent).toContain("Nothing wrong found in what was read");
  expect(partial.container.textContent).toContain("cluster2 (timeout)");
});

test("an explanation is loaded when somebody asks, and once", async () => {
  const answers = new Answers().connect();
  const text = "It *must* be `Any`.\n\nSo this is a warning.";
  answers.documents.set("explanation MG107", {
    code: "MG107",
    title: "Takeover",
    text,
    remedy: "meshglobal expose",
    reads: ["Service"],
    rule: "R27",
  });
  const { container } = show([finding()]);
  expect(answers.asked).toEqual([]);
  await userEvent.click(screen.getByText("What MG107 means"));
  expect((await screen.findByText("So this is a warning.")).tagName).toBe("P");
  expect(container.querySelector(".explanation-text em")?.textContent).toBe("must");
  expect(container.querySelector(".explanation-text")?.textContent).toContain("Reads Service; rests on R27.");
  expect(answers.asked).toEqual(["explanation MG107"]);
});

test("an explanation that cannot be loaded says how to read it elsewhere", async () => {
  new Answers().connect();
  show([finding()]);
  await userEvent.click(screen.getByText("What MG107 means"));
  expect((await screen.findByRole("alert")).textContent).toContain("meshglobal explain MG107");
});

test("a thousand findings of a code are drawn some at a time", async () => {
  const many = Array.from({ length: 1_000 }, (_, place) => finding({ message: `message ${place}` }));
  const { container } = show(many);
  expect(container.querySelectorAll(".finding")).toHaveLength(20);
  await userEvent.click(screen.getByRole("button", { name: "Show 20 of 980 more" }));
  expect(container.querySelectorAll(".finding")).toHaveLength(40);
});

test("texts full of HTML are shown as text", () => {
  const evidence = [
    { context: EVIL, kind: EVIL, namespace: EVIL, name: EVIL, field: EVIL, value: EVIL, expected: EVIL },
  ];
  const evil = finding({
    message: EVIL,
    remedy: `kubectl ${EVIL}`,
    context: EVIL,
    namespace: EVIL,
    service: EVIL,
    evidence,
  });
  const waived = { ...evil, subject: EVIL, reason: EVIL, expires: "", fingerprint: "f" };
  const { container } = show([evil], [waived]);
  expect(container.querySelectorAll("img, script")).toHaveLength(0);
  expect(container.textContent).toContain(EVIL);
});
