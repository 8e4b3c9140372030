/**
 * The way to the event stream: one for all tabs of a browser by a shared worker, else one of this tab's own.
 *
 * A browser opens at most six connections to a server at a time (HTTP/1.1). Fifty tabs with a stream each would wait for
 * one another for ever.
 */
import { type News, openStream } from "../api/stream";

export interface Link {
  retry(): void;
  close(): void;
}

/** What a tab says to the worker. */
export type Word = { kind: "join"; token: string } | { kind: "retry" } | { kind: "leave" };

export const EVENTS = "/api/v1/events";
const WORKER = "/static/worker.js";

export function openLink(token: string, tell: (news: News) => void): Link {
  const worker = sharedWorker();
  return worker === null ? openStream({ url: EVENTS, token, tell }) : linkBy(worker.port, token, tell);
}

/** A link over a port to the worker. Exported for tests. */
export function linkBy(port: MessagePort, token: string, tell: (news: News) => void): Link {
  const say = (word: Word): void => port.postMessage(word);
  port.onmessage = ({ data }: MessageEvent<News>) => tell(data);
  const leave = (): void => say({ kind: "leave" });
  const join = (): void => say({ kind: "join", token });
  // A page that is put aside (bfcache) comes back with pageshow.
  const back = (event: PageTransitionEvent): void => {
    if (event.persisted) join();
  };
  addEventListener("pagehide", leave);
  addEventListener("pageshow", back);
  join();
  return {
    retry: () => say({ kind: "retry" }),
    close: () => {
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", back);
      leave();
      port.close();
    },
  };
}

interface TrustedPolicy {
  createScriptURL(url: string): string;
}
interface WithTrustedTypes {
  trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedPolicy };
}

function sharedWorker(): SharedWorker | null {
  if (typeof SharedWorker === "undefined") return null;
  try {
    return new SharedWorker(trusted(WORKER), { name: "meshglobal", credentials: "same-origin" });
  } catch {
    return null; // forbidden here, as in some private windows: this tab follows the stream by itself
  }
}

/** The one script address that this page loads by name; the policy of trusted types knows no other. */
function trusted(url: string): string {
  const types = (globalThis as WithTrustedTypes).trustedTypes;
  if (types === undefined) return url;
  const policy = types.createPolicy("meshglobal-worker", {
    createScriptURL: (asked) => {
      if (asked !== WORKER) throw new TypeError(`not a script of this page: ${asked}`);
      return asked;
    },
  });
  return policy.createScriptURL(url);
}
