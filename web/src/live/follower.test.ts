import { afterEach, beforeEach, expect, test } from "vitest";
import { apiWith } from "../api/client";
import { openStream } from "../api/stream";
import { about, cell, check, inventory, NO_COUNTS, service } from "../testing/samples";
import { SpokenServer, TOKEN, until } from "../testing/server";
import { Follower } from "./follower";
import { Store } from "./store";

let server: SpokenServer;
let follower: Follower;
let store: Store;
let origin: string;

beforeEach(async () => {
  server = new SpokenServer();
  origin = await server.start();
  server.documents.set("/about", about());
  server.documents.set("/services", inventory([service("details")]));
  server.documents.set("/clusters", check({ cluster1: "east" }));
  server.documents.set("/findings", { findings: [], waived: [] });
  store = new Store();
});

afterEach(async () => {
  follower.stop();
  await server.stop();
});

function start(token = TOKEN): void {
  const url = `${origin}/api/v1/events`;
  const api = apiWith(token, () => store.refuse(), origin);
  follower = new Follower({ store, api, open: (tell) => openStream({ url, token, tell }) });
  follower.start();
}

const isLive = () => store.connection.value.state === "live";
const names = () => [...(store.services.value?.keys() ?? [])];
const news = (version: number, name: string) => ({
  version,
  services: [service(name)],
  removed: [],
  summary: NO_COUNTS,
  clusters: null,
  exitCode: 0,
});

test("the page is live once everything has been asked for, and deltas change it", async () => {
  start();
  await until(isLive, "live");
  expect(names()).toEqual(["bookinfo/details"]);
  expect(store.segments.value.get("cluster1")).toBe("east");
  server.say("services", news(2, "reviews"));
  await until(() => names().length === 2, "the delta");
});

test("what comes while the answers are on their way is kept, and only what is newer is applied", async () => {
  let open: () => void = () => undefined;
  server.gate = new Promise((resolve) => {
    open = resolve;
  });
  server.version = 5;
  start();
  await until(() => server.asked.includes("/findings"), "the questions");
  server.say("services", { ...news(5, "old"), removed: ["bookinfo/details"] });
  server.say("services", news(6, "new"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(store.services.value).toBeNull();
  open();
  await until(isLive, "live");
  expect(names()).toEqual(["bookinfo/details", "bookinfo/new"]);
});

test("after a loss what is shown is marked, and then asked for again", async () => {
  start();
  await until(isLive, "live");
  const before = store.services.value?.get("bookinfo/details");
  server.documents.set("/services", inventory([service("details"), service("came-meanwhile")]));
  server.cut();
  await until(() => store.connection.value.state === "reconnecting", "the loss");
  expect(names()).toEqual(["bookinfo/details"]);
  expect(store.isLive.value).toBe(false);
  await until(isLive, "live again");
  expect(names()).toEqual(["bookinfo/details", "bookinfo/came-meanwhile"]);
  expect(store.services.value?.get("bookinfo/details")).toBe(before);
});

test("a wrong token shows nothing, and nothing more is tried", async () => {
  start("another");
  await until(() => store.connection.value.state === "refused", "refused");
  expect(store.services.value).toBeNull();
  const count = server.asked.length;
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(server.asked.length).toBe(count);
});

test("a token that is no good any more takes away what it showed", async () => {
  start();
  await until(isLive, "live");
  server.token = "that of the next start";
  server.cut();
  await until(() => store.connection.value.state === "refused", "refused");
  expect(store.services.value).toBeNull();
  expect(store.about.value).toBeNull();
});

test("the program's last words are kept while it cannot be reached", async () => {
  start();
  await until(isLive, "live");
  const states: string[] = [];
  server.say("ended", { message: "Ctrl-C" });
  await until(() => store.connection.value.state === "ended", "the end");
  store.connection.subscribe((connection) => states.push(connection.state));
  server.cut();
  await until(isLive, "another start on the same port");
  expect(states).toEqual(["ended", "live"]);
});

test("a document that cannot be had is asked for again, and said why", async () => {
  server.documents.delete("/findings");
  start();
  await until(() => store.connection.value.state === "reconnecting", "the trouble");
  expect(store.connection.value).toMatchObject({ reason: "nothing" });
  expect(names()).toEqual(["bookinfo/details"]);
  server.documents.set("/findings", { findings: [], waived: [] });
  await until(isLive, "live");
});

test("who does not want to wait until it is asked for again asks at once", async () => {
  server.documents.delete("/findings");
  start();
  await until(() => store.connection.value.state === "reconnecting", "the trouble");
  const count = server.asked.length;
  follower.retry();
  await until(() => server.asked.length === count + 4, "the questions", 900);
});

test("ten thousand changes leave no more behind than the newest of each", async () => {
  start();
  await until(isLive, "live");
  const change = { time: "t", context: "cluster1", namespace: "bookinfo", service: "details" };
  for (let version = 2; version < 10_002; version++) {
    const changed = service("details", { cells: [cell({ reason: String(version) })] });
    server.say("services", { ...news(version, "details"), services: [changed] });
    server.say("change", { version, change });
  }
  await until(() => store.rows.value?.version === 10_001, "the last delta", 20_000);
  expect(names()).toEqual(["bookinfo/details"]);
  expect(store.history.value.length).toBe(500);
});
