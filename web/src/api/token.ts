/**
 * The token that the command printed. It comes in the address's fragment, which no server is ever sent, and is kept in
 * the storage of this origin (the port is part of it), so that deep links and further tabs work.
 */
const KEY = "meshglobal-token";
const IN_FRAGMENT = /^#token=([\w~.-]+)$/;

/** Take the token out of the address at once, so that it is in no bookmark, history entry or screenshot; or null. */
export function takeToken(place: Location = location, storage: Storage = localStorage): string | null {
  const given = IN_FRAGMENT.exec(place.hash)?.[1];
  if (given === undefined) return storage.getItem(KEY);
  storage.setItem(KEY, given);
  history.replaceState(null, "", place.pathname + place.search);
  return given;
}

/** The server did not take it. */
export function forgetToken(storage: Storage = localStorage): void {
  storage.removeItem(KEY);
}
