import { afterEach, beforeEach, expect, test } from "vitest";
import { type News, openStream } from "../api/stream";
import { SpokenServer, TOKEN, until } from "../testing/server";
import { Exchange } from "./exchange";

let server: SpokenServer;
let exchange: Exchange;
const tabs: Tab[] = [];

class Tab {
  readonly heard: News[] = [];
  postMessage(news: News): void {
    this.heard.push(news);
  }
  get kinds(): string[] {
    return this.heard.map((news) => (news.kind === "event" ? news.name : news.kind));
  }
}

function tab(token = TOKEN): Tab {
  const one = new Tab();
  tabs.push(one);
  exchange.hear(one, { kind: "join", token });
  return one;
}

beforeEach(async () => {
  server = new SpokenServer();
  const origin = await server.start();
  exchange = new Exchange((order) => openStream({ ...order, url: origin + order.url }));
});

afterEach(async () => {
  for (const one of tabs.splice(0)) exchange.hear(one, { kind: "leave" });
  await server.stop();
});

test("fifty tabs share one stream, and each hears everything", async () => {
  const all = Array.from({ length: 50 }, () => tab());
  await until(() => all.every((one) => one.kinds.includes("hello")), "the hello");
  server.say("services", { version: 2 });
  await until(() => all.every((one) => one.kinds.includes("services")), "the news");
  expect(server.asked).toEqual(["/events"]);
});

test("a tab that comes later is told at once that the stream is open", async () => {
  const first = tab();
  await until(() => first.kinds.includes("open"), "open");
  expect(tab().kinds).toEqual(["open"]);
  expect(server.asked).toEqual(["/events"]);
});

test("the stream ends with the last tab, and begins anew with the next", async () => {
  const [one, other] = [tab(), tab()];
  await until(() => server.streams === 1, "the stream");
  exchange.hear(one, { kind: "leave" });
  expect(server.streams).toBe(1);
  exchange.hear(other, { kind: "leave" });
  await until(() => server.streams === 0, "its end");
  const later = tab();
  await until(() => later.kinds.includes("open"), "open");
});

test("all tabs hear of a loss, and of the way back", async () => {
  const [one, other] = [tab(), tab()];
  await until(() => other.kinds.includes("hello"), "hello");
  server.cut();
  await until(() => [one, other].every((each) => each.kinds.at(-1) === "hello" && each.kinds.includes("lost")), "back");
});

test("a token that is refused is not tried again, and a new one is", async () => {
  const old = tab("old");
  await until(() => old.kinds.includes("refused"), "refused");
  const fresh = tab();
  await until(() => fresh.kinds.includes("open"), "open");
  expect(server.asked).toEqual(["/events", "/events"]);
});

test("a tab with the token of an earlier start does not disturb the others", async () => {
  const fresh = tab();
  await until(() => fresh.kinds.includes("hello"), "hello");
  const old = tab("old");
  await until(() => old.kinds.includes("refused"), "refused");
  server.say("services", { version: 2 });
  await until(() => fresh.kinds.includes("services"), "the news");
  expect(fresh.kinds).toEqual(["open", "hello", "services"]);
  expect(old.kinds).toEqual(["refused"]);
});
