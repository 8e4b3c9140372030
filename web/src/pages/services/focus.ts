/** Where the table was left, so that Back from a service leads to the same row at the same place. */
import { lastStep } from "../../router";

interface Place {
  href: string;
  id: string;
  scroll: number;
}

let left: Place | null = null;
let seen = { href: "", scroll: 0 };

/** Note where the table is scrolled to. When it is taken away, the address is another one already. */
export function notePlace(): void {
  seen = { href: location.href, scroll: scrollY };
}

/** The table is taken away; `id`: of the row that had the focus. */
export function leftAt(id: string): void {
  left = { ...seen, id };
}

/** The table is shown: where it was, if Back or Forward led to the same address. */
export function landed(): Place | null {
  return left !== null && lastStep() === "pop" && left.href === location.href ? left : null;
}
