/**
 * The stream of events, over and over: connect, read, and after a loss connect again, later each time.
 *
 * Read with fetch, because an EventSource cannot send the token. What comes out is plain data, so that a shared worker
 * can pass it on to its tabs as it is.
 */
import { createParser } from "eventsource-parser";

/** What is new on the way to the server, and what came over it. */
export type News =
  | { kind: "open" }
  | { kind: "event"; name: string; data: string }
  | { kind: "lost"; reason: string; retryAt: number }
  | { kind: "refused" };

export interface StreamOrder {
  url: string;
  token: string;
  tell: (news: News) => void;
  /** For tests. */
  fetch?: typeof fetch;
  /** Milliseconds without a sign of life after which the connection counts as lost; the server sends one each 15 s. */
  patience?: number;
}

export interface Stream {
  /** Do not wait any longer for the next try. */
  retry(): void;
  close(): void;
}

const SHORTEST = 250;
const LONGEST = 10_000;
const PATIENCE = 40_000;

/** Milliseconds to wait after so many losses in a row; a fifth is left to chance, so that not all tabs come at once. */
export function delayAfter(losses: number, chance: number = Math.random()): number {
  return Math.round(Math.min(LONGEST, SHORTEST * 2 ** Math.max(0, losses - 1)) * (0.9 + 0.2 * chance));
}

export function openStream(order: StreamOrder): Stream {
  const closed = new AbortController();
  let wake: () => void = () => undefined;
  let losses = 0;

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!closed.signal.aborted) {
      const end = await once(order, closed.signal, () => {
        losses = 0;
      });
      if (closed.signal.aborted) return;
      if (end === "refused") return order.tell({ kind: "refused" });
      losses += 1;
      const delay = delayAfter(losses);
      order.tell({ kind: "lost", reason: end, retryAt: Date.now() + delay });
      await pause(delay);
    }
  }

  void run();
  return {
    retry: () => wake(),
    close: () => {
      closed.abort();
      wake();
    },
  };
}

/** One connection, from its beginning to its end; why it ended, or "refused" where the token is not taken. */
async function once(order: StreamOrder, closed: AbortSignal, onOpen: () => void): Promise<string> {
  const silence = new AbortController();
  const patience = order.patience ?? PATIENCE;
  let timer = setTimeout(() => silence.abort(), patience);
  try {
    const answer = await (order.fetch ?? fetch)(order.url, {
      headers: { Authorization: `Bearer ${order.token}`, Accept: "text/event-stream" },
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.any([closed, silence.signal]),
    });
    if (answer.status === 401) return "refused";
    if (!answer.ok || answer.body === null) return `the program answered ${answer.status}`;
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === "hello") {
          onOpen();
          order.tell({ kind: "open" });
        }
        order.tell({ kind: "event", name: event ?? "message", data });
      },
    });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), patience);
      parser.feed(part.value);
    }
    return "the program closed the connection";
  } catch {
    return silence.signal.aborted ? "the program has been silent for too long" : "the program does not answer";
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
