import { afterEach, beforeEach, expect, test } from "vitest";
import { SpokenServer, TOKEN, until } from "../testing/server";
import { delayAfter, type News, openStream, type Stream } from "./stream";

let server: SpokenServer;
let url: string;
let stream: Stream | null = null;

beforeEach(async () => {
  server = new SpokenServer();
  url = `${await server.start()}/api/v1/events`;
});

afterEach(async () => {
  stream?.close();
  await server.stop();
});

function listen(patience?: number): News[] {
  const heard: News[] = [];
  const more = patience === undefined ? {} : { patience };
  stream = openStream({ url, token: TOKEN, tell: (news) => heard.push(news), ...more });
  return heard;
}

test("events come with their names, also those with line ends and other scripts in them", async () => {
  const heard = listen();
  await until(() => heard.length === 2, "hello");
  const text = "двe\nстроки 🙂 </script>";
  server.say("change", { text });
  await until(() => heard.length === 3, "the event");
  expect(heard[0]).toEqual({ kind: "open" });
  expect(heard[2]).toEqual({ kind: "event", name: "change", data: JSON.stringify({ text }) });
});

test("a connection that says nothing any more counts as lost, and another one is made", async () => {
  const heard = listen(40);
  await until(() => heard.filter((news) => news.kind === "open").length === 2, "the second connection");
  expect(heard.find((news) => news.kind === "lost")).toMatchObject({
    reason: "the program has been silent for too long",
  });
});

test("a server that is not there is tried again and again", async () => {
  await server.stop();
  const heard = listen();
  await until(() => heard.length >= 2, "two losses");
  expect(heard.every((news) => news.kind === "lost" && news.reason === "the program does not answer")).toBe(true);
  server = new SpokenServer();
  await server.start();
});

test("a stream that was closed is silent, also while it waits for the next try", async () => {
  const heard = listen();
  await until(() => heard.length === 2, "hello");
  server.cut();
  await until(() => heard.at(-1)?.kind === "lost", "the loss");
  stream?.close();
  const count = heard.length;
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(heard.length).toBe(count);
});

test("the waits grow, up to ten seconds, and are not all alike", () => {
  expect([1, 2, 3, 20].map((losses) => delayAfter(losses, 0.5))).toEqual([250, 500, 1_000, 10_000]);
  expect(delayAfter(20, 0)).toBeLessThan(delayAfter(20, 1));
});
