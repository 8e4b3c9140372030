/**
 * Keeps the store as new as the server: subscribe first, keep what comes, ask for everything, then apply what is newer.
 *
 * After each loss everything is asked for again, because nobody knows what was missed.
 */
import type { Api } from "../api/client";
import { ApiError } from "../api/client";
import type { Events } from "../api/dashboard";
import type { News } from "../api/stream";
import type { Link } from "./link";
import type { Store } from "./store";

type Held = { [Name in keyof Events]: { name: Name; body: Events[Name] } }[keyof Events];

/** More news than this while an answer is on its way: it is asked for again instead. */
const MOST_HELD = 1_000;
const AGAIN = 1_000;

export interface FollowerOrder {
  store: Store;
  api: Api;
  open: (tell: (news: News) => void) => Link;
}

export class Follower {
  readonly #order: FollowerOrder;
  #link: Link | null = null;
  #held: Held[] | null = null;
  #round: AbortController = new AbortController();
  /** Set while the stream is open, and an answer was not: asks again. */
  #again: (() => void) | null = null;

  constructor(order: FollowerOrder) {
    this.#order = order;
  }

  start(): void {
    this.#link = this.#order.open((news) => this.#hear(news));
  }

  /** Try again now, and do not wait for the next time. */
  retry(): void {
    if (this.#again === null) this.#link?.retry();
    else this.#again();
  }

  stop(): void {
    this.#round.abort();
    this.#link?.close();
    this.#link = null;
  }

  #hear(news: News): void {
    const { store } = this.#order;
    switch (news.kind) {
      case "open":
        void this.#load();
        break;
      case "event":
        this.#take({ name: news.name, body: JSON.parse(news.data) } as Held);
        break;
      case "lost":
        this.#round.abort();
        store.lose(news.reason, news.retryAt);
        break;
      case "refused":
        this.#round.abort();
        store.refuse();
        break;
    }
  }

  #take(event: Held): void {
    if (this.#held === null || event.name === "ended") this.#apply(event);
    else if (this.#held.length < MOST_HELD) this.#held.push(event);
    else void this.#load();
  }

  #apply(event: Held): void {
    const { store } = this.#order;
    if (event.name === "services") store.patchServices(event.body);
    else if (event.name === "check") store.patchCheck(event.body);
    else if (event.name === "findings") store.patchFindings(event.body);
    else if (event.name === "change") store.note(event.body.change);
    else if (event.name === "ended") store.end(event.body.message);
  }

  /** Ask for everything. Rows are shown as soon as they are here; nobody waits for the checks. */
  async #load(): Promise<void> {
    this.#round.abort();
    this.#again = null;
    const round = new AbortController();
    this.#round = round;
    this.#held = [];
    const { store, api } = this.#order;
    try {
      await Promise.all([
        api.about(round.signal).then(({ body }) => store.setAbout(body)),
        api.services(round.signal).then(({ version, body }) => store.setServices(body, version)),
        api.clusters(round.signal).then(({ version, body }) => store.setCheck(body, version)),
        api.findings(round.signal).then(({ version, body }) => store.setFindings(body, version)),
      ]);
    } catch (error) {
      if (!round.signal.aborted) this.#loadLater(error, round);
      return;
    }
    if (round.signal.aborted) return;
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held) this.#apply(event);
    store.live();
  }

  #loadLater(error: unknown, round: AbortController): void {
    if (error instanceof ApiError && error.status === 401) {
      this.#order.store.refuse();
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    this.#order.store.lose(reason, Date.now() + AGAIN);
    this.#again = () => void this.#load();
    const timer = setTimeout(this.#again, AGAIN);
    round.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      this.#again = null;
    });
  }
}
