import { cleanup, render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { announced } from "../announce";
import type { HostChange } from "../api/types";
import { isHelpOpen, takeKeys } from "../keys";
import { Store } from "../live/store";
import { navigate, route } from "../router";
import { store } from "../store";
import { about, cluster, inventory, lostCluster, service } from "../testing/samples";
import { chooseTheme, loadTheme, theme } from "../theme";
import { sayChanges, sentencesOf } from "./announcements";
import { Refused } from "./Refused";
import { Shell } from "./Shell";

beforeAll(() => takeKeys());

beforeEach(() => {
  navigate("/services", { replace: true });
  store.setAbout(about());
  store.setServices(inventory([service("details")]), 1);
  store.live();
});

afterEach(() => {
  cleanup();
  isHelpOpen.value = false;
  vi.useRealTimers();
});

test("the page says where one is, to eyes and to readers of screens", async () => {
  render(<Shell />);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Global services");
  expect(screen.getByRole("link", { current: "page" }).textContent).toBe("Services");
  expect(document.title).toBe("Global services · meshglobal");
  navigate("/findings");
  await waitFor(() => expect(document.title).toBe("Findings · meshglobal"));
  expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
});

test("while everything was read, no banner is there", () => {
  const { container } = render(<Shell />);
  expect(container.querySelector(".banner")).toBeNull();
  expect(screen.getByText("Live")).toBeDefined();
});

test("what could not be read is said with its reason and the next step", () => {
  const clusters = [cluster("cluster1"), lostCluster("cluster2")];
  store.setServices(inventory([service("details")], { clusters }), 2);
  render(<Shell />);
  expect(screen.getByText(/1 of 2 clusters could not be read: cluster2 \(timeout\)\./)).toBeDefined();
  expect(screen.getByText(/cluster2 did not answer within 5 s/)).toBeDefined();
  expect(screen.getByText(/try again/)).toBeDefined();
});

test("when the program cannot be reached, what is shown is marked as old", () => {
  store.lose("the program does not answer", Date.now() + 5_000);
  const { container } = render(<Shell />);
  expect(screen.getByRole("alert").textContent).toMatch(
    /Not live: the program does not answer.*was so at \d\d:\d\d:\d\d/,
  );
  expect(screen.getByText("Not live")).toBeDefined();
  expect(container.querySelector(".is-old")).not.toBeNull();
});

test("when the program ended, that is said, and how to start it again", () => {
  store.end("meshglobal dashboard was ended");
  render(<Shell />);
  expect(screen.getByRole("alert").textContent).toMatch(
    /was ended\. What is shown was so at .*Start the program again: meshglobal dashboard/,
  );
});

test("a bundle is not called live", () => {
  store.setAbout(about({ source: "bundle", takenAt: "2026-01-01T00:00:00Z" }));
  render(<Shell />);
  expect(screen.getByText(/From files, not live/).textContent).toContain("2026-01-01T00:00:00Z");
  expect(screen.queryByText("Live")).toBeNull();
});

test("that only one namespace is shown is said", () => {
  store.setAbout(about({ namespace: "bookinfo" }));
  render(<Shell />);
  expect(screen.getByText("Of the namespace bookinfo alone.")).toBeDefined();
});

test("keys lead from page to page, and open the help; nothing happens while somebody types", async () => {
  const user = userEvent.setup();
  render(<Shell />);
  await user.keyboard("gc");
  expect(route.value.page).toBe("clusters");
  await user.keyboard("gs");
  expect(route.value.page).toBe("services");
  await user.keyboard("?");
  expect(isHelpOpen.value).toBe(true);
  expect(await screen.findByRole("heading", { name: "Keys and marks" })).toBeDefined();
  await user.keyboard("gc");
  expect(route.value.page).toBe("services");
  isHelpOpen.value = false;
  await waitFor(() => expect(document.querySelector("dialog[open]")).toBeNull());
  await user.keyboard("/");
  await user.keyboard("gf?");
  expect(screen.getByRole<HTMLInputElement>("searchbox").value).toBe("gf?");
  expect(route.value.page).toBe("services");
  expect(isHelpOpen.value).toBe(false);
});

test("the colours are the user's choice, and stay so", async () => {
  render(<Shell />);
  const button = screen.getByRole("button", { name: /Colours/ });
  await userEvent.click(button);
  expect(document.documentElement.dataset.theme).toBe("light");
  await userEvent.click(button);
  expect(document.documentElement.dataset.theme).toBe("dark");
  theme.value = "system";
  loadTheme();
  expect(theme.value).toBe("dark");
  chooseTheme("system");
  expect(document.documentElement.dataset.theme).toBeUndefined();
});

test("a token of one's own can be given, and what cannot be one is said", async () => {
  const told = vi.fn();
  localStorage.clear();
  render(<Refused onToken={told} />);
  await userEvent.type(screen.getByLabelText(/--token-file/), "é é");
  await userEvent.click(screen.getByRole("button", { name: "Open" }));
  expect(screen.getByRole("alert").textContent).toContain("cannot be a token");
  expect(told).not.toHaveBeenCalled();
  await userEvent.clear(screen.getByLabelText(/--token-file/));
  await userEvent.type(screen.getByLabelText(/--token-file/), "my-own-secret-0123");
  await userEvent.click(screen.getByRole("button", { name: "Open" }));
  expect(told).toHaveBeenCalledOnce();
  expect(localStorage.getItem("meshglobal-token")).toBe("my-own-secret-0123");
});

function change(reason: string): HostChange {
  const place = { context: "cluster1", namespace: "bookinfo", service: "details", host: "details.example" };
  const head = { apiVersion: "meshglobal.dev/v1", kind: "HostChange", time: "t", exitCode: 1 };
  return { ...head, ...place, before: "Ready", after: "Missing", reason, verdict: null };
}

test("changes are said in a sentence each, many only counted", () => {
  expect(sentencesOf([change("b"), change("a")])).toBe(
    "details.example in cluster1 is Missing: a. details.example in cluster1 is Missing: b.",
  );
  expect(sentencesOf([{ ...change(""), after: null }])).toBe("details.example in cluster1 is not there any more.");
  expect(sentencesOf([change("a"), change("b"), change("c")])).toBe("3 changes.");
});

test("changes are said once, and those that come together, together", () => {
  vi.useFakeTimers();
  const own = new Store();
  const end = sayChanges(own);
  own.note(change("first"));
  own.note(change("second"));
  vi.advanceTimersByTime(2_000);
  expect(announced.value).toContain("first");
  expect(announced.value).toContain("second");
  own.note(change("third"));
  vi.advanceTimersByTime(2_000);
  expect(announced.value).toBe("details.example in cluster1 is Missing: third.");
  end();
});
