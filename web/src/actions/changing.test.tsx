import { cleanup, render, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { announced } from "../announce";
import { ApiError } from "../api/client";
import { JournalPage } from "../pages/journal";
import { store } from "../store";
import { Answers } from "../testing/answers";
import { about, cluster, inventory, lostCluster, service } from "../testing/samples";
import { entry, failedWrite, plan, report, write } from "../testing/writes";
import { Actions, ChangeDialog } from ".";
import { close } from "./flow";

let answers: Answers;

beforeEach(() => {
  answers = new Answers().connect();
  store.setAbout(about({ writes: true, protectedContexts: ["cluster2"] }));
  store.setServices(inventory([service("details")], { clusters: [cluster("cluster1"), cluster("cluster2")] }), 1);
});

afterEach(() => {
  close();
  cleanup();
});

/** Open the dialog for a service that is not global. */
async function opened(): Promise<HTMLElement> {
  render(
    <>
      <Actions namespace="bookinfo" name="reviews" />
      <ChangeDialog />
    </>,
  );
  await userEvent.click(screen.getByRole("button", { name: /^Change…/ }));
  return screen.findByRole("dialog");
}

async function planned(): Promise<HTMLElement> {
  const dialog = await opened();
  await userEvent.click(within(dialog).getByRole("button", { name: "Show the plan" }));
  await waitFor(() =>
    expect(within(dialog).getByRole("heading", { level: 2 }).textContent).toMatch(/would be changed/),
  );
  return dialog;
}

function agree(dialog: HTMLElement): Promise<void> {
  return userEvent.click(within(dialog).getByRole("button", { name: /^Change \d object/ }));
}

test("where the program does not allow writing, there is nothing to click", () => {
  store.setAbout(about({ writes: false }));
  const { container } = render(<Actions namespace="bookinfo" name="details" />);
  expect(container.textContent).toBe("");
});

test("the plan is shown as the program made it, and nothing is applied by showing it", async () => {
  answers.documents.set("plan expose", plan({ leftOut: ["cluster9"] }));
  const dialog = await planned();
  expect(answers.sent).toEqual([expect.objectContaining({ names: ["reviews"], contexts: ["cluster1", "cluster2"] })]);
  const text = dialog.textContent ?? "";
  for (const part of [
    "bookinfo/details turns global: cluster1",
    "labels: solo.io/service-scope=global",
    "meshglobal expose svc details -n bookinfo --context cluster1",
    "Nothing is written in cluster9: it could not be read.",
    "Nothing has been written yet.",
  ])
    expect(text).toContain(part);
  expect(answers.asked).toEqual(["plan expose"]);
});

test("what came of it is what the program answered", async () => {
  answers.documents.set("plan expose", plan());
  answers.documents.set("apply plan1", report());
  const dialog = await planned();
  await agree(dialog);
  await waitFor(() => expect(dialog.textContent).toContain("Written: 1 object. All is as it must be."));
  expect(answers.asked).toEqual(["plan expose", "apply plan1"]);
  expect(announced.value).toMatch(/^Written/);
  await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
  expect(dialog.textContent).toBe("");
});

test("the names of protected clusters are typed, exactly", async () => {
  answers.documents.set("plan expose", plan({ needsNames: ["cluster2"] }));
  answers.documents.set("apply plan1", report());
  const dialog = await planned();
  const field = within(dialog).getByLabelText(/Type cluster2/);
  await userEvent.type(field, "Cluster2");
  await agree(dialog);
  expect(answers.asked).toEqual(["plan expose"]);
  await userEvent.clear(field);
  await userEvent.type(field, "cluster2");
  await agree(dialog);
  await waitFor(() => expect(answers.sent.at(-1)).toEqual(["cluster2"]));
});

test("a name is agreed to before the page is drawn again", async () => {
  answers.documents.set("plan expose", plan({ needsNames: ["cluster2"] }));
  answers.documents.set("apply plan1", report());
  const dialog = await planned();
  const field = within(dialog).getByLabelText<HTMLInputElement>(/Type cluster2/);
  field.value = "cluster2";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  field.form?.requestSubmit();
  await waitFor(() => expect(answers.sent.at(-1)).toEqual(["cluster2"]));
});

test("a plan that a server would refuse cannot be agreed to", async () => {
  answers.documents.set("plan expose", plan({ report: report({ writes: [failedWrite("cluster1")] }) }));
  const dialog = await planned();
  expect(dialog.textContent).toContain("A server would refuse this");
  expect(dialog.textContent).toContain("patch is forbidden Next: ask for the right");
  expect(within(dialog).queryByRole("button", { name: /^Change/ })).toBeNull();
});

test("what is partly written is said cluster by cluster, with the next step", async () => {
  answers.documents.set("plan expose", plan());
  const writes = [write(), failedWrite("cluster2")];
  answers.documents.set("apply plan1", report({ writes, exitCode: 4 }));
  const dialog = await planned();
  await agree(dialog);
  await waitFor(() => expect(dialog.textContent).toContain("Partly written: 1 object, and 1 not."));
  expect(dialog.textContent).toContain("ask for the right");
  await userEvent.click(within(dialog).getByRole("button", { name: "Plan again" }));
  expect(within(dialog).getByRole("button", { name: "Show the plan" })).toBeDefined();
});

test("a conflict shows what each cluster said", async () => {
  answers.documents.set("plan expose", plan());
  const dialog = await planned();
  const body = { error: { message: "", hint: "" }, report: report({ writes: [failedWrite("cluster1")], exitCode: 4 }) };
  answers.problem = new ApiError(409, "nothing was written: cluster1: it is now mine", "make the plan again", body);
  await agree(dialog);
  await waitFor(() =>
    expect(within(dialog).getByRole("alert").textContent).toMatch(/now mine\. Make the plan again\./),
  );
  expect(dialog.textContent).toContain("patch is forbidden");
});

test("without an answer nobody says that it was written, or that it was not", async () => {
  answers.documents.set("plan expose", plan());
  const dialog = await planned();
  answers.problem = new ApiError(0, "the program behind this page does not answer");
  await agree(dialog);
  await waitFor(() =>
    expect(within(dialog).getByRole("alert").textContent).toMatch(/whether it was written is not known/),
  );
  expect(within(dialog).queryByRole("button", { name: /^Change \d/ })).toBeNull();
});

test("what the program refuses is said in the form, which keeps what was typed", async () => {
  answers.problem = new ApiError(404, 'services "reviews" not found', "did you mean details?");
  const dialog = await opened();
  await userEvent.click(within(dialog).getByRole("radio", { name: /^Take back/ }));
  await userEvent.click(within(dialog).getByRole("checkbox", { name: /--purge/ }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Show the plan" }));
  await waitFor(() =>
    expect(within(dialog).getByRole("alert").textContent).toMatch(/not found\. Did you mean details\?$/),
  );
  expect((within(dialog).getByRole("checkbox", { name: /--purge/ }) as HTMLInputElement).checked).toBe(true);
  expect(answers.sent).toEqual([expect.objectContaining({ action: "unexpose", purge: true })]);
});

test("lost clusters are told from the others, and protected ones are marked", async () => {
  store.setServices(inventory([], { clusters: [lostCluster("cluster1"), cluster("cluster2")] }), 2);
  const dialog = await opened();
  const [lost, marked] = within(dialog).getAllByRole("checkbox", { name: /^cluster/ }) as HTMLInputElement[];
  expect([lost?.checked, marked?.checked]).toEqual([false, true]);
  expect(dialog.textContent).toContain("cluster1 cannot be read now");
  expect(dialog.textContent).toContain("cluster2 protected");
});

test("names full of markup are text", async () => {
  const bad = "<img src=x onerror=alert(1)>";
  const writes = [write({ name: bad, context: bad, warnings: [bad], status: "would-change" })];
  answers.documents.set("plan expose", plan({ blast: [bad], command: bad, report: report({ writes }) }));
  const dialog = await planned();
  expect(dialog.querySelector("img")).toBeNull();
  expect(dialog.textContent).toContain(bad);
});

test("the changes are listed, newest first, and one that broke off is not called written", async () => {
  const entries = [entry({ id: "2", state: "unknown", outcome: null, endedAt: null, writes: [] }), entry()];
  answers.documents.set("journal", { apiVersion: "", kind: "Journal", entries, illegible: 1 });
  render(<JournalPage />);
  await waitFor(() => expect(screen.getAllByRole("group")).toHaveLength(2));
  const [first, second] = screen.getAllByRole("group");
  expect(first?.textContent).toContain("End unknown");
  expect(first?.textContent).toContain("Would change");
  expect(second?.textContent).toContain("Written");
  expect(screen.getByText(/1 line of the journal/)).toBeDefined();
});

test("a page that only reads says how to change something", () => {
  store.setAbout(about({ writes: false }));
  const { container } = render(<JournalPage />);
  expect(container.textContent).toContain("meshglobal dashboard --allow-writes");
});
