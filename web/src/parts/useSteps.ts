/** A hook for keys that go from one thing to the next: j and k always, arrows once one of the things has the focus. */
import { useKeys } from "../keys";

/** `selector`: what the things are; each must be able to have the focus. Enter follows their first link. */
export function useSteps(selector: string): void {
  const step = (by: number): boolean => {
    const all = [...document.querySelectorAll<HTMLElement>(selector)];
    const at = all.findIndex((one) => one.contains(document.activeElement));
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return next !== undefined;
  };
  const isOnOne = (): boolean => document.activeElement?.closest(selector) != null;
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => isOnOne() && step(1),
    ArrowUp: () => isOnOne() && step(-1),
    Enter: () => {
      const here = document.activeElement;
      const link = here?.matches(selector) ? here.querySelector<HTMLElement>("a[href]") : null;
      link?.click();
      return link != null;
    },
  });
}
