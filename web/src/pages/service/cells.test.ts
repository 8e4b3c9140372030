import { expect, test } from "vitest";
import type { Cell, Verdict } from "../../api/types";
import { wordsOf } from "./cells";

function cell(over: Partial<Cell>): Cell {
  return {
    context: "a",
    state: "Ready",
    reason: "",
    present: true,
    scope: "global",
    scopeOrigin: "service",
    takeover: false,
    distribution: null,
    ports: ["9080/HTTP", "9090/TCP"],
    endpoints: { ready: 1, total: 2 },
    hosts: [],
    entry: null,
    entryCreated: null,
    ...over,
  };
}

const words = (over: Partial<Cell>) => wordsOf(cell(over), "PreferNetwork");

test("a cluster that has the Service says what it has", () => {
  expect(words({})).toEqual({
    scope: "global (by service)",
    ports: "9080/HTTP, 9090/TCP",
    endpoints: "1/2",
    takeover: "no",
    distribution: "(PreferNetwork)",
    servedBy: null,
  });
});

test("a cluster without the Service has nothing, but for what its peers say", () => {
  const absent = { present: false, scope: null, scopeOrigin: null, ports: [], endpoints: null } as Partial<Cell>;
  expect(words({ ...absent, takeover: true })).toMatchObject({
    scope: "-",
    ports: "-",
    endpoints: "-",
    takeover: "by peers",
  });
  expect(words({ ...absent, takeover: false })).toMatchObject({ takeover: "-", distribution: "-" });
});

test("what was not read is not called absent", () => {
  const unread = { present: null, scope: null, takeover: null, ports: [], endpoints: null } as Partial<Cell>;
  expect(words(unread)).toMatchObject({ scope: "?", ports: "?", endpoints: "?", takeover: "?", distribution: "?" });
  expect(words({ scope: null, scopeOrigin: "unread" })).toMatchObject({ scope: "?" });
});

test("each publisher behind the hosts is named once", () => {
  const hosts = [{ publishers: ["a", "b"] }, { publishers: ["b"] }] as Verdict[];
  expect(words({ hosts }).servedBy).toEqual(["a", "b"]);
});
