/**
 * The token that the command printed. It comes in the address's fragment, which no server is ever sent, and is kept in
 * the storage of this origin (the port is part of it), so that deep links and further tabs work.
 */
const KEY = "meshglobal-token";
/** The one before, until the newer one has proved good: any site may lead somebody here with a token of its own. */
const BEFORE = "meshglobal-token-before";
const IN_FRAGMENT = /^#token=(.+)$/;
/** What can be sent in a header. */
const POSSIBLE = /^[\x21-\x7e]+$/;

/** Take the token out of the address at once, so that it is in no bookmark, history entry or screenshot; or null. */
export function takeToken(place: Location = location, storage: Storage = localStorage): string | null {
  const given = IN_FRAGMENT.exec(place.hash)?.[1];
  if (given === undefined) return storage.getItem(KEY);
  history.replaceState(history.state, "", place.pathname + place.search);
  return keepToken(given, storage) ? given : storage.getItem(KEY);
}

/** Keep a token that somebody gave; false: it cannot be one. */
export function keepToken(token: string, storage: Storage = localStorage): boolean {
  if (!POSSIBLE.test(token)) return false;
  const before = storage.getItem(KEY);
  if (before !== null && before !== token) storage.setItem(BEFORE, before);
  storage.setItem(KEY, token);
  return true;
}

/** The server did not take it. True: there is another one, brought by another tab meanwhile, or from before. */
export function forgetToken(token: string, storage: Storage = localStorage): boolean {
  const kept = storage.getItem(KEY);
  if (kept !== token) return kept !== null;
  const before = storage.getItem(BEFORE);
  storage.removeItem(BEFORE);
  if (before === null || before === token) storage.removeItem(KEY);
  else storage.setItem(KEY, before);
  return storage.getItem(KEY) !== null;
}

/** Call back when a token comes later: in this tab's address, or from another tab. */
export function onNewToken(tell: () => void): void {
  addEventListener("hashchange", () => {
    if (IN_FRAGMENT.test(location.hash)) tell();
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY && newValue !== null) tell();
  });
}
