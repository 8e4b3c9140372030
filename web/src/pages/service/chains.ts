/** Chains of `diagnose`: those that say the same together, and what each says up to its first broken link. */

import type { Chain, ChainLink } from "../../api/types";
import { waysOf } from "../findings/alike";

/** Clusters whose chains say the same. */
export interface AlikeChains {
  contexts: string[];
  links: ChainLink[];
  /** The first link that is broken and not waived; null where there is none. */
  broken: ChainLink | null;
  /** What mends it: one command for all of the clusters, where one does. */
  ways: string[];
  /** Something should have been looked at and could not be. */
  isUnclear: boolean;
  /** Every link was looked at, and holds. */
  isFine: boolean;
}

/** The links up to the first broken one, and the names of those that nobody looked at after it. */
export function parted(links: readonly ChainLink[]): { seen: ChainLink[]; after: string[] } {
  const end = links.findIndex((link) => link.outcome === "broken") + 1 || links.length;
  return { seen: links.slice(0, end), after: links.slice(end).map((link) => link.name) };
}

/** Chains that are alike as one; broken ones first, then those of which something is not known. */
export function alike(chains: readonly Chain[]): AlikeChains[] {
  const together = new Map<string, Chain[]>();
  for (const chain of chains) {
    const key = JSON.stringify(chain.links.map((link) => ({ ...link, remedy: anywhere(link.remedy, chain.context) })));
    const found = together.get(key);
    if (found) {
      found.push(chain);
    } else {
      together.set(key, [chain]);
    }
  }
  return [...together.values()].flatMap(asOne).sort((a, b) => rank(a) - rank(b));
}

/** Whether a link could not be looked at; one that has nothing to look at, as without a local Service, is no doubt. */
export function isUnknown(link: ChainLink): boolean {
  return link.outcome === "not checked" && link.level !== null;
}

/** What is said where no cause is named. */
export function withoutCause(chains: readonly Chain[]): string {
  const links = chains.flatMap((chain) => chain.links);
  if (links.some((link) => link.outcome === "broken")) {
    return "What is broken is waived.";
  }
  return links.some(isUnknown) ? "No broken link found; some could not be checked." : "No broken link found.";
}

/** The same text for remedies that differ in the cluster alone. */
function anywhere(remedy: string, context: string): string {
  return `${remedy} `.replace(`--context ${context} `, "--context ");
}

function asOne(chains: readonly Chain[]): AlikeChains[] {
  const [first] = chains;
  if (first === undefined) return [];
  const { links } = first;
  return [
    {
      contexts: chains.map((chain) => chain.context),
      links,
      broken: brokenOf(first),
      ways: waysOf(chains.map((chain) => ({ context: chain.context, remedy: brokenOf(chain)?.remedy ?? "" }))),
      isUnclear: links.some(isUnknown),
      isFine: links.every((link) => link.outcome === "ok"),
    },
  ];
}

function brokenOf(chain: Chain): ChainLink | null {
  return chain.links.find((link) => link.outcome === "broken" && !link.waived) ?? null;
}

function rank(one: AlikeChains): number {
  if (one.broken) {
    return 0;
  }
  return one.isUnclear ? 1 : 2;
}
