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

/**
 * A setting, as text; `mixed`: clusters differ, and `detail` says how; `unset`: the default applies;
 * `unknown`: some cluster could not be read, and `detail` says which.
 */
export interface Setting {
  text: string;
  kind: "set" | "unset" | "mixed" | "unknown" | "none";
  detail: string;
}

const UNKNOWN: Setting = { text: "?", kind: "unknown", detail: "could not be read" };
const NONE: Setting = { text: "-", kind: "none", detail: "" };

export function takeoverOf(cells: readonly Cell[]): Setting {
  const known = cells.filter((cell) => cell.takeover !== null);
  if (known.length === 0) return cells.some(isUnread) ? UNKNOWN : NONE;
  const taken = known.filter((cell) => cell.takeover === true);
  if (taken.length === 0) return asFarAsRead({ text: "no", kind: "unset", detail: "" }, cells);
  if (taken.length === known.length) return asFarAsRead({ text: "yes", kind: "set", detail: "" }, cells);
  const detail = `yes in ${taken.map((cell) => cell.context).join(", ")}`;
  return asFarAsRead({ text: `${taken.length} of ${known.length}`, kind: "mixed", detail }, cells);
}

/** The mode that Services set themselves; where none is set, the default in parentheses. */
export function distributionOf(cells: readonly Cell[], fallback: string): Setting {
  const having = cells.filter((cell) => cell.present === true);
  if (having.length === 0) return cells.some(isUnread) ? UNKNOWN : NONE;
  const modes = new Set(having.map((cell) => cell.distribution));
  const [only = null] = modes;
  if (modes.size > 1) {
    const detail = having.map((cell) => `${cell.context}: ${cell.distribution ?? `(${fallback})`}`).join(", ");
    return asFarAsRead({ text: "mixed", kind: "mixed", detail }, cells);
  }
  const unset: Setting = { text: `(${fallback})`, kind: "unset", detail: "not set: the default" };
  return asFarAsRead(only === null ? unset : { text: only, kind: "set", detail: "" }, cells);
}

function isUnread(cell: Cell): boolean {
  return cell.present === null;
}

/** The same with a question mark, where some clusters could not be read. */
function asFarAsRead(setting: Setting, cells: readonly Cell[]): Setting {
  const unread = cells.filter(isUnread).map((cell) => cell.context);
  if (unread.length === 0) return setting;
  const detail = [setting.detail, `not read in ${unread.join(", ")}`].filter(Boolean).join("; ");
  return { text: `${setting.text} ?`, kind: "unknown", detail };
}
