/** The one store of this page, and the questions to the server. Tests make stores of their own (live/store.ts). */
import type { Api } from "./api/client";
import { Store } from "./live/store";

export const store = new Store();

let questions: Api | null = null;
let again: () => void = () => undefined;

/** The questions to the server; null while there is no token. */
export function api(): Api | null {
  return questions;
}

/** Try now to reach the program again. */
export function reconnect(): void {
  again();
}

/** Called once, when there is a token. */
export function connect(server: Api, retry: () => void): void {
  questions = server;
  again = retry;
}
