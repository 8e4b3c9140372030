/** What several clusters say, as one. What could not be read is told apart from what is not set. Pure. */
import type { Cell } from "../../api/types";

/** Endpoints: of those clusters that could be read; `unread`: the clusters that could not. */
export interface Amount {
  ready: number;
  total: number;
  unread: readonly string[];
  /** Some cluster could be counted. */
  isCounted: boolean;
  /** No cluster has the Service, so there is nothing to count. */
  isNone: boolean;
}

export function amountOf(cells: readonly Cell[]): Amount {
  const counted = cells.flatMap((cell) => cell.endpoints ?? []);
  const unread = cells.filter((cell) => cell.endpoints === null && cell.present !== false).map((cell) => cell.context);
  return {
    ready: counted.reduce((sum, one) => sum + one.ready, 0),
    total: counted.reduce((sum, one) => sum + one.total, 0),
    unread,
    isCounted: counted.length > 0,
    isNone: counted.length === 0 && unread.length === 0,
  };
}

/** `3/3`; `3/3 ?` where some clusters could not be read; `?` where none could; `-` where no cluster has the Service. */
export function amountText(amount: Amount): string {
  if (amount.isNone) return "-";
  if (amount.unread.length > 0) return amount.isCounted ? `${amount.ready}/${amount.total} ?` : "?";
  return `${amount.ready}/${amount.total}`;
}

/** A setting, as text; `mixed`: clusters differ, and `detail` says how; `unset`: the default applies. */
export interface Setting {
  text: string;
  kind: "set" | "unset" | "mixed" | "unknown" | "none";
  detail: string;
}

const UNKNOWN: Setting = { text: "?", kind: "unknown", detail: "could not be read" };
const NONE: Setting = { text: "-", kind: "none", detail: "" };

export function takeoverOf(cells: readonly Cell[]): Setting {
  const known = cells.filter((cell) => cell.takeover !== null);
  if (known.length === 0) return cells.some((cell) => cell.present === null) ? UNKNOWN : NONE;
  const taken = known.filter((cell) => cell.takeover === true);
  if (taken.length === 0) return { text: "no", kind: "unset", detail: "" };
  if (taken.length === known.length) return { text: "yes", kind: "set", detail: "" };
  const detail = `yes in ${taken.map((cell) => cell.context).join(", ")}`;
  return { text: `${taken.length} of ${known.length}`, kind: "mixed", detail };
}

/** The mode that Services set themselves; where none is set, the default in parentheses. */
export function distributionOf(cells: readonly Cell[], fallback: string): Setting {
  const having = cells.filter((cell) => cell.present === true);
  if (having.length === 0) return cells.some((cell) => cell.present === null) ? UNKNOWN : NONE;
  const modes = new Set(having.map((cell) => cell.distribution));
  const [only] = modes;
  if (modes.size > 1) {
    const detail = having.map((cell) => `${cell.context}: ${cell.distribution ?? `(${fallback})`}`).join(", ");
    return { text: "mixed", kind: "mixed", detail };
  }
  if (only === null || only === undefined)
    return { text: `(${fallback})`, kind: "unset", detail: "not set: the default" };
  return { text: only, kind: "set", detail: "" };
}
