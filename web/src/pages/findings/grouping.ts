/** Findings by severity, then by code; and which of them a filter lets through. */

import type { Finding, Level, Waived } from "../../api/types";

/** The worst first: what could not be looked at comes before what is doubtful. */
export const LEVELS: readonly Level[] = ["error", "unknown", "warning"];

/** What the address asks for; an empty text lets everything through. */
export interface FindingFilter {
  q: string;
  level: string;
  code: string;
  context: string;
  ns: string;
}

export const EVERYTHING: FindingFilter = { q: "", level: "", code: "", context: "", ns: "" };

/** All findings of one code that are equally bad. */
export interface CodeGroup {
  code: string;
  slug: string;
  findings: Finding[];
}

export interface LevelGroup {
  level: Level;
  count: number;
  codes: CodeGroup[];
}

/** The findings that the filter lets through, by level and code; levels without any are left out. */
export function grouped(findings: readonly Finding[], filter: FindingFilter): LevelGroup[] {
  const matching = findings.filter((one) => matches(one, filter));
  return LEVELS.flatMap((level) => {
    const found = matching.filter((one) => one.level === level);
    return found.length > 0 ? [{ level, count: found.length, codes: byCode(found) }] : [];
  });
}

/** Whether a finding, or one that is waived, is asked for. */
export function matches(one: Finding | Waived, filter: FindingFilter): boolean {
  return (
    (!filter.level || one.level === filter.level) &&
    (!filter.code || one.code === filter.code) &&
    (!filter.ns || one.namespace === filter.ns) &&
    (!filter.context || contextsOf(one).includes(filter.context)) &&
    (!filter.q || textOf(one).includes(filter.q.toLowerCase()))
  );
}

/** The clusters that a finding is about: its own, else those in its evidence. */
export function contextsOf(one: Finding | Waived): string[] {
  if (one.context) {
    return [one.context];
  }
  return "evidence" in one ? [...new Set(one.evidence.map((seen) => seen.context))] : [];
}

/** What it is about, as the command line says it: `cluster1 bookinfo/productpage`. */
export function subjectOf(one: Finding): string {
  const service = one.service ? `${one.namespace}/${one.service}` : (one.namespace ?? "");
  return [one.context ?? "", service].filter(Boolean).join(" ");
}

/** What the choices of a filter offer: each value that occurs, sorted, and what is chosen already. */
export function choices(values: Iterable<string | null | undefined>, chosen: string): string[] {
  const found = new Set<string>(chosen ? [chosen] : []);
  for (const value of values) {
    if (value) {
      found.add(value);
    }
  }
  return [...found].sort();
}

function byCode(findings: readonly Finding[]): CodeGroup[] {
  const groups = new Map<string, CodeGroup>();
  for (const one of findings) {
    const group = groups.get(one.code) ?? { code: one.code, slug: one.slug, findings: [] };
    group.findings.push(one);
    groups.set(one.code, group);
  }
  return [...groups.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function textOf(one: Finding | Waived): string {
  const said = "slug" in one ? [one.slug, subjectOf(one), one.remedy] : [one.subject, one.reason];
  return [one.code, one.message, ...said, ...contextsOf(one)].join("\n").toLowerCase();
}
