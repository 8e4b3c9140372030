/** Keys: each page says what its keys do, and the help shows them all. Nothing happens while somebody is typing. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** By key as `KeyboardEvent.key` says it; two keys one after the other as "g s". False: not handled after all. */
export type Keys = Readonly<Record<string, () => unknown>>;

const SEQUENCE = 1_000;
const layers: { current: Keys }[] = [];

/** The help is open. */
export const isHelpOpen = signal(false);

/** The keys of what is shown now; the newest comes first. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    layers.unshift(latest);
    return () => {
      layers.splice(layers.indexOf(latest), 1);
    };
  }, []);
}

let before = { key: "", at: 0 };

/** Listen for keys, for as long as the page lives. */
export function takeKeys(root: Document = document): void {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) && event.key !== "Escape") return;
    // What is behind an open dialog is out of reach; Escape is the browser's then.
    if (root.querySelector("dialog[open]") !== null) return;
    const together = event.timeStamp - before.at < SEQUENCE ? `${before.key} ${event.key}` : "";
    before = { key: event.key, at: event.timeStamp };
    if ((together !== "" && handled(together)) || handled(event.key)) event.preventDefault();
  });
}

function handled(key: string): boolean {
  for (const layer of layers) {
    const act = Object.hasOwn(layer.current, key) ? layer.current[key] : undefined;
    if (act !== undefined && act() !== false) return true;
  }
  return false;
}

/** Whether keys go into this element as text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
