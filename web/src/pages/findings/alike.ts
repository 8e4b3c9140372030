/** Findings that are worded alike as one: where they are, what was seen, and few commands instead of many. */

import type { Evidence, Finding } from "../../api/types";
import { contextsOf } from "./grouping";

/** A service and the clusters in which it is so; no service where clusters themselves are concerned. */
export interface Place {
  namespace: string | null;
  service: string | null;
  contexts: string[];
}

export interface Alike {
  message: string;
  rule: string;
  code: string;
  count: number;
  places: Place[];
  evidence: Evidence[];
  /** Commands, or sentences, each once. */
  ways: string[];
}

/** Findings of one code and level, each wording once, in the order in which they come. */
export function alike(findings: readonly Finding[]): Alike[] {
  const groups = new Map<string, Finding[]>();
  for (const one of findings) {
    const together = groups.get(one.message);
    if (together) together.push(one);
    else groups.set(one.message, [one]);
  }
  return [...groups.values()].map(asOne);
}

function asOne(findings: readonly Finding[]): Alike {
  const [first] = findings;
  return {
    message: first?.message ?? "",
    rule: first?.rule ?? "",
    code: first?.code ?? "",
    count: findings.length,
    places: placesOf(findings),
    evidence: evidenceOf(findings),
    ways: waysOf(findings),
  };
}

function placesOf(findings: readonly Finding[]): Place[] {
  const places = new Map<string, Place>();
  for (const one of findings) {
    const { namespace, service } = one;
    const key = `${namespace ?? ""}/${service ?? ""}`;
    const place = places.get(key) ?? { namespace, service, contexts: [] };
    place.contexts.push(...contextsOf(one).filter((context) => !place.contexts.includes(context)));
    places.set(key, place);
  }
  return [...places.values()];
}

/** What several findings saw alike is shown once. */
function evidenceOf(findings: readonly Finding[]): Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const finding of findings) for (const one of finding.evidence) seen.set(JSON.stringify(one), one);
  return [...seen.values()];
}

/** Commands of ours that differ in the cluster alone are one for all of these clusters, as the commands print them. */
export function waysOf(remedies: Iterable<{ remedy: string; context: string | null }>): string[] {
  const together = new Map<string, { parts: [string, string] | null; contexts: string[] }>();
  for (const { remedy, context } of remedies) {
    if (remedy === "") continue;
    const parts = context === null ? null : aroundContext(remedy, context);
    const way = together.get(parts?.join("\n") ?? remedy) ?? { parts, contexts: [] };
    if (context !== null && !way.contexts.includes(context)) way.contexts.push(context);
    together.set(parts?.join("\n") ?? remedy, way);
  }
  return [...together].map(([text, { parts, contexts }]) => (parts ? parts.join(contexts.join(",")) : text));
}

/** What stands before and after the cluster in a command of ours that names it; else null. */
function aroundContext(remedy: string, context: string): [string, string] | null {
  if (!remedy.startsWith("meshglobal ")) return null;
  const named = ` --context ${context} `;
  const [before, after, more] = `${remedy} `.split(named);
  if (before === undefined || after === undefined || more !== undefined) return null;
  return [`${before} --context `, ` ${after}`.trimEnd()];
}
