import { expect, test } from "vitest";
import { commandLine, offers } from "./commands";

test("ordinary words stay as they are", () => {
  expect(commandLine("meshglobal", "call", "svc", "details-v1", "-n", "bookinfo")).toBe(
    "meshglobal call svc details-v1 -n bookinfo",
  );
});

test("what a shell would read is quoted", () => {
  expect(commandLine("a b", "$(reboot)", "it's", "")).toBe(`'a b' '$(reboot)' 'it'\\''s' ''`);
});

test("a service that nobody publishes can be made global, and nothing else", () => {
  expect(offers("bookinfo", "details", []).map((one) => one.command)).toEqual([
    "meshglobal diagnose svc details -n bookinfo",
    "meshglobal expose svc details -n bookinfo --diff",
  ]);
});

test("a drill is offered only where others could take over", () => {
  const drills = (publishers: string[]) =>
    offers("bookinfo", "details", publishers).filter((one) => one.command.includes("drill"));
  expect(drills(["cluster1"])).toEqual([]);
  expect(drills(["cluster1", "cluster2"])).toEqual([
    {
      purpose: "Predict what happens when cluster1 loses its copy",
      command: "meshglobal drill failover svc details -n bookinfo --cluster cluster1 --dry-run",
    },
  ]);
});
