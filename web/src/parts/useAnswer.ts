/** A hook for what only one page asks: ask when it is shown, and again whenever `again` changes. */
import { useEffect, useState } from "preact/hooks";
import { type Api, ApiError, type Versioned } from "../api/client";
import { api } from "../store";

export interface Answer<T> {
  /** The last one that came; stays while the next one is on its way. */
  body: T | null;
  error: ApiError | null;
}

type Ask<T> = (server: Api, signal: AbortSignal) => Promise<Versioned<T>>;

/** `key` names what is asked for: with another key the answer before is forgotten. */
export function useAnswer<T>(key: string, ask: Ask<T>, again: unknown = null): Answer<T> {
  const [state, setState] = useState<Answer<T> & { key: string }>({ key, body: null, error: null });
  // `ask` is a new function each time; `key` says what it asks.
  useEffect(() => {
    const server = api();
    if (server === null) return;
    const ended = new AbortController();
    ask(server, ended.signal).then(
      ({ body }) => setState({ key, body, error: null }),
      (error: unknown) => {
        if (ended.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(0, String(error));
        setState((was) => ({ key, body: was.key === key ? was.body : null, error: known }));
      },
    );
    return () => ended.abort();
  }, [key, again]);
  return state.key === key ? state : { body: null, error: null };
}
