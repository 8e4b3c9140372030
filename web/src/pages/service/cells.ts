/** What a cluster has of a service, in words. What was not read is "?", what is not there "-". */

import type { Cell, Verdict } from "../../api/types";
import { amountOf, amountText, distributionOf } from "../services/sums";

export interface CellWords {
  scope: string;
  ports: string;
  endpoints: string;
  takeover: string;
  distribution: string;
  /** The publishers behind the host there; null where no host was judged. */
  servedBy: string[] | null;
}

export function wordsOf(cell: Cell, defaultDistribution: string): CellWords {
  return {
    scope: scopeOf(cell),
    ports: cell.ports.join(", ") || none(cell),
    endpoints: amountText(amountOf([cell])),
    takeover: takeoverOf(cell),
    distribution: distributionOf([cell], defaultDistribution).text,
    servedBy: servedBy(cell.hosts),
  };
}

/** "global (by service)": the effective scope, and whose label decided. */
function scopeOf(cell: Cell): string {
  if (cell.present !== true) return none(cell);
  if (cell.scope === null || cell.scopeOrigin === "unread") return "?";
  return cell.scopeOrigin ? `${cell.scope} (by ${cell.scopeOrigin})` : cell.scope;
}

/** A cluster without the Service answers the cluster-local name as its peers say (R25). */
function takeoverOf(cell: Cell): string {
  if (cell.takeover === null) return "?";
  if (!cell.takeover) return cell.present ? "no" : "-";
  return cell.present ? "yes" : "by peers";
}

function none(cell: Cell): string {
  return cell.present === null ? "?" : "-";
}

function servedBy(verdicts: readonly Verdict[]): string[] | null {
  return verdicts.length > 0 ? [...new Set(verdicts.flatMap((one) => one.publishers))] : null;
}
