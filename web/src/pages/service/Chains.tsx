/** The chain of each cluster, from "does it answer" to "do routes lead to it"; those that say the same together. */
import { useState } from "preact/hooks";
import type { Chain, ChainLink } from "../../api/types";
import { counted } from "../../live/coverage";
import { listed } from "../../parts/listed";
import { Mark } from "../../parts/State";
import type { Look } from "../../parts/states";
import { Ways } from "../findings/FindingItem";
import { type AlikeChains, alike, isUnknown, parted } from "./chains";

const OUTCOMES: Readonly<Record<ChainLink["outcome"], Look>> = {
  ok: { glyph: "✓", word: "ok", tone: "ready" },
  broken: { glyph: "✗", word: "broken", tone: "missing" },
  "not checked": { glyph: "?", word: "not checked", tone: "unknown" },
};
/** Nothing to look at, as the pods of a Service that is not there. */
const IDLE: Look = { glyph: "–", word: "not checked", tone: "none" };
/** More chains than this are not all shown at once. */
const MANY = 8;
const WAIVED: Look = { glyph: "–", word: "waived", tone: "none" };

export function Chains({ chains }: { chains: readonly Chain[] }) {
  const all = alike(chains);
  const isMany = chains.length > MANY;
  const well = isMany ? all.filter(isWell) : [];
  const shown = isMany ? all.filter((one) => !isWell(one)) : all;
  return (
    <>
      <div class="chains">
        {shown.map((one) => (
          <Together key={one.contexts[0]} chain={one} />
        ))}
      </div>
      {well.length > 0 ? <Well chains={well} /> : null}
    </>
  );
}

function isWell(chain: AlikeChains): boolean {
  return chain.broken === null && !chain.isUnclear;
}

/** Of many clusters those in which nothing is broken are one line, until somebody wants to see them. */
function Well({ chains }: { chains: readonly AlikeChains[] }) {
  const [isOpen, setOpen] = useState(false);
  const count = chains.reduce((sum, chain) => sum + chain.contexts.length, 0);
  return (
    <details class="chains-well" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{counted(count, "cluster")} in which nothing is broken</summary>
      {isOpen ? (
        <div class="chains">
          {chains.map((one) => (
            <Together key={one.contexts[0]} chain={one} />
          ))}
        </div>
      ) : null}
    </details>
  );
}

function Together({ chain }: { chain: AlikeChains }) {
  const { contexts, links, broken } = chain;
  const { seen, after } = parted(links);
  return (
    <details class={`chain${broken ? ` is-${broken.level === "unknown" ? "unknown" : "broken"}` : ""}`} open>
      <summary>
        <strong>{listed(contexts)}</strong> <Mark look={lookOf(chain)} />
      </summary>
      <ol>
        {seen.map((link) => (
          <Link key={link.name} link={link} isFirstBroken={link === broken} chain={chain} />
        ))}
      </ol>
      {after.length > 0 ? <p class="muted chain-after">Not looked at after that: {after.join(", ")}.</p> : null}
    </details>
  );
}

function lookOf({ broken, isUnclear, isFine, links }: AlikeChains): Look {
  if (broken)
    return { ...outcomeOf(broken), word: `${broken.level === "unknown" ? "stops" : "broken"} at: ${broken.name}` };
  if (isFine) return { ...OUTCOMES.ok, word: "all ok" };
  if (isUnclear) return { ...OUTCOMES["not checked"], word: "not all checked" };
  return links.some((link) => link.outcome === "broken") ? WAIVED : { ...IDLE, word: "nothing broken" };
}

function Link({ link, isFirstBroken, chain }: { link: ChainLink; isFirstBroken: boolean; chain: AlikeChains }) {
  return (
    <li class={isFirstBroken ? "link is-first-broken" : "link"}>
      <span class="link-name">{link.name}</span> <Mark look={link.waived ? WAIVED : outcomeOf(link)} />{" "}
      <span class="link-said">
        {link.message}
        {link.code ? <span class="muted"> [{link.code}]</span> : null}
        {link.waived ? <span class="muted"> (waived: {link.waived})</span> : null}
      </span>
      {isFirstBroken && link.cause && link.cause !== link.message ? <p class="link-cause">{link.cause}</p> : null}
      {isFirstBroken ? <Ways ways={chain.ways} of={`${link.name} in ${listed(chain.contexts)}`} /> : null}
    </li>
  );
}

/** A cluster that could not be read breaks its chain, but nothing is known to be wrong there. */
function outcomeOf(link: ChainLink): Look {
  const look = link.outcome === "not checked" && !isUnknown(link) ? IDLE : OUTCOMES[link.outcome];
  return link.outcome === "broken" && link.level === "unknown"
    ? { glyph: "?", word: "not known", tone: "unknown" }
    : look;
}
