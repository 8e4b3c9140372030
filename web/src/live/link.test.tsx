import { afterEach, beforeEach, expect, test } from "vitest";
import type { News } from "../api/stream";
import { SpokenServer, TOKEN, until } from "../testing/server";
import { type Link, linkBy, openLink, type Word } from "./link";

let worker: MessagePort;
let heard: Word[];
let news: News[];
let link: Link;

beforeEach(() => {
  const channel = new MessageChannel();
  worker = channel.port2;
  heard = [];
  news = [];
  worker.onmessage = ({ data }: MessageEvent<Word>) => heard.push(data);
  link = linkBy(channel.port1, "the token", (one) => news.push(one));
});

afterEach(() => {
  link.close();
  worker.close();
});

const kinds = () => heard.map((word) => word.kind).join(" ");

test("a tab joins with its token, and hears what the worker says", async () => {
  await until(() => heard.length === 1, "the joining");
  expect(heard).toEqual([{ kind: "join", token: "the token" }]);
  worker.postMessage({ kind: "event", name: "hello", data: "{}" } satisfies News);
  await until(() => news.length === 1, "the news");
  expect(news).toEqual([{ kind: "event", name: "hello", data: "{}" }]);
});

test("a tab that is put aside leaves, and joins again when it comes back", async () => {
  dispatchEvent(new Event("pagehide"));
  dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
  dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await until(() => heard.length === 3, "the words");
  expect(kinds()).toBe("join leave join");
});

test("a link that is closed says so, and hears nothing of the page any more", async () => {
  link.retry();
  link.close();
  dispatchEvent(new Event("pagehide"));
  await until(() => heard.length >= 3, "the words");
  expect(kinds()).toBe("join retry leave");
});

test("where there are no shared workers, a tab has a stream of its own", async () => {
  expect(typeof SharedWorker).toBe("undefined");
  const server = new SpokenServer();
  const page = window as unknown as { happyDOM: { setURL(url: string): void } };
  page.happyDOM.setURL(await server.start());
  const own = openLink(TOKEN, (one) => news.push(one));
  await until(() => news.some((one) => one.kind === "open"), "the stream");
  own.close();
  await until(() => server.streams === 0, "its end");
  await server.stop();
});
