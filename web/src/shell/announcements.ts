/** Changes, said politely to readers of screens: one by one where they are few, else how many there were. */
import { effect } from "@preact/signals";
import { announce } from "../announce";
import type { Change } from "../api/dashboard";
import type { Store } from "../live/store";

/** Changes that come together are said together; nobody can listen faster. */
const TOGETHER = 2_000;
const EACH = 2;

/** One or two sentences for changes, the newest first. */
export function sentencesOf(changes: readonly Change[]): string {
  if (changes.length > EACH) return `${changes.length} changes.`;
  return [...changes].reverse().map(sentenceOf).join(" ");
}

function sentenceOf(change: Change): string {
  if ("finding" in change) return `${change.present ? "Found" : "Gone"}: ${change.finding.message}.`;
  const reason = change.reason === "" ? "" : `: ${change.reason}`;
  return `${change.host} in ${change.context} is ${change.after ?? "not there any more"}${reason}.`;
}

/** Say what changes from now on; what is returned ends it. */
export function sayChanges(store: Store): () => void {
  let said: Change | undefined = store.history.peek()[0];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const say = (): void => {
    timer = null;
    const history = store.history.peek();
    const last = said === undefined ? -1 : history.indexOf(said);
    const fresh = last < 0 ? history : history.slice(0, last);
    said = history[0];
    if (fresh.length > 0) announce(sentencesOf(fresh));
  };
  const end = effect(() => {
    if (store.history.value[0] !== said && timer === null) timer = setTimeout(say, TOGETHER);
  });
  return () => {
    end();
    if (timer !== null) clearTimeout(timer);
  };
}
