/** What came of a change, or would come of it, in words. Pure. */
import type { Change, Report, Status, Write } from "../api/types";
import { counted } from "../live/coverage";
import type { Look } from "../parts/states";

const STATUSES: Readonly<Record<Status, Look>> = {
  changed: { word: "Written", glyph: "✓", tone: "ready" },
  unchanged: { word: "Already so", glyph: "=", tone: "none" },
  "would-change": { word: "Would change", glyph: "→", tone: "partial" },
  conflict: { word: "Conflict", glyph: "≠", tone: "drift" },
  failed: { word: "Failed", glyph: "✗", tone: "missing" },
};

export function statusLook(status: Status): Look {
  return STATUSES[status];
}

/** `service/details in bookinfo`. */
export function subjectOf(write: { kind: string; namespace: string | null; name: string }): string {
  return `${write.kind.toLowerCase()}/${write.name}${write.namespace === null ? "" : ` in ${write.namespace}`}`;
}

export interface DiffLine {
  sign: "-" | "+";
  text: string;
}

/** The lines of a diff: what goes, and what comes. */
export function diffOf(changes: readonly Change[]): DiffLine[] {
  return changes.flatMap(({ section, key, before, after }) => [
    ...(before === null ? [] : [{ sign: "-" as const, text: `${section}: ${key}=${before}` }]),
    ...(after === null ? [] : [{ sign: "+" as const, text: `${section}: ${key}=${after}` }]),
  ]);
}

/** Writes by cluster, in their order. */
export function byContext(writes: readonly Write[]): Map<string, Write[]> {
  const found = new Map<string, Write[]>();
  for (const write of writes) found.set(write.context, [...(found.get(write.context) ?? []), write]);
  return found;
}

export interface Verdict {
  tone: "ready" | "partial" | "missing" | "unknown";
  title: string;
  /** What to do next; empty: nothing. */
  next: string;
}

const LATE = 5;

/** One sentence about a whole change. Nobody calls well what was not seen to be well. */
export function verdictOf(report: Report): Verdict {
  const failed = report.writes.filter((write) => write.failure !== null);
  const written = report.writes.filter((write) => write.status === "changed");
  if (written.length === 0 && failed.length === 0)
    return { tone: "ready", title: "Nothing had to be written: it was so already.", next: "" };
  const objects = counted(written.length, "object");
  if (failed.length > 0)
    return {
      tone: "missing",
      title: written.length > 0 ? `Partly written: ${objects}, and ${failed.length} not.` : "Nothing was written.",
      next: "Mend what is said below, then make the plan again: what is written already stays as it is.",
    };
  if (report.exitCode === LATE)
    return {
      tone: "partial",
      title: `Written: ${objects}. The generated entries were not all as they must be in time.`,
      next: "The page shows when they come. If they do not: Why, on the service's page.",
    };
  if (report.exitCode !== 0) {
    const unread = report.clusters.filter((cluster) => !cluster.reached || cluster.unread.length > 0).length;
    const why = unread > 0 ? ` What ${counted(unread, "cluster")} made of it could not be read.` : "";
    return { tone: "unknown", title: `Written: ${objects}.${why}`, next: "Look at the states of the hosts below." };
  }
  return { tone: "ready", title: `Written: ${objects}. All is as it must be.`, next: "" };
}

/** Whether the servers would take the plan as it is. */
export function isRefused(report: Report): boolean {
  return report.writes.some((write) => write.failure !== null);
}

export function changesAnything(report: Report): boolean {
  return report.writes.some((write) => write.changes.length > 0);
}
