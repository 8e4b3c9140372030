/** The chain of each cluster, from "does it answer" to "do routes lead to it"; those that say the same together. */
import type { Chain, ChainLink } from "../../api/types";
import { Mark } from "../../parts/State";
import type { Look } from "../../parts/states";
import { Remedy } from "../findings/Remedy";
import { type AlikeChains, alike, isUnknown, parted } from "./chains";

const OUTCOMES: Readonly<Record<ChainLink["outcome"], Look>> = {
  ok: { glyph: "✓", word: "ok", tone: "ready" },
  broken: { glyph: "✗", word: "broken", tone: "missing" },
  "not checked": { glyph: "?", word: "not checked", tone: "unknown" },
};
/** Nothing to look at, as the pods of a Service that is not there. */
const IDLE: Look = { glyph: "–", word: "not checked", tone: "none" };
const WAIVED: Look = { glyph: "–", word: "waived", tone: "none" };

export function Chains({ chains }: { chains: readonly Chain[] }) {
  return (
    <div class="chains">
      {alike(chains).map((one) => (
        <Together key={one.contexts[0]} chain={one} />
      ))}
    </div>
  );
}

/** Closed where many say that all is well. */
function Together({ chain }: { chain: AlikeChains }) {
  const { contexts, links, broken, isFine } = chain;
  const { seen, after } = parted(links);
  return (
    <details class={broken ? "chain is-broken" : "chain"} open={!isFine || contexts.length === 1}>
      <summary>
        <strong>{contexts.join(", ")}</strong> <Mark look={lookOf(chain)} />
      </summary>
      <ol>
        {seen.map((link) => (
          <Link key={link.name} link={link} isFirstBroken={link === broken} of={contexts.join(", ")} />
        ))}
      </ol>
      {after.length > 0 ? <p class="muted chain-after">Not looked at after that: {after.join(", ")}.</p> : null}
    </details>
  );
}

function lookOf({ broken, isUnclear, isFine, links }: AlikeChains): Look {
  if (broken) return { ...outcomeOf(broken), word: `broken at: ${broken.name}` };
  if (isFine) return { ...OUTCOMES.ok, word: "all ok" };
  if (isUnclear) return { ...OUTCOMES["not checked"], word: "not all checked" };
  return links.some((link) => link.outcome === "broken") ? WAIVED : { ...IDLE, word: "nothing broken" };
}

function Link({ link, isFirstBroken, of }: { link: ChainLink; isFirstBroken: boolean; of: string }) {
  return (
    <li class={isFirstBroken ? "link is-first-broken" : "link"}>
      <span class="link-name">{link.name}</span> <Mark look={link.waived ? WAIVED : outcomeOf(link)} />{" "}
      <span class="link-said">
        {link.message}
        {link.code ? <span class="muted"> [{link.code}]</span> : null}
        {link.waived ? <span class="muted"> (waived: {link.waived})</span> : null}
      </span>
      {isFirstBroken && link.cause && link.cause !== link.message ? <p class="link-cause">{link.cause}</p> : null}
      {isFirstBroken ? <Remedy text={link.remedy} of={`${link.name} in ${of}`} /> : null}
    </li>
  );
}

/** A cluster that could not be read breaks its chain, but nothing is known to be wrong there. */
function outcomeOf(link: ChainLink): Look {
  const look = link.outcome === "not checked" && !isUnknown(link) ? IDLE : OUTCOMES[link.outcome];
  return link.outcome === "broken" && link.level === "unknown" ? { ...look, glyph: "?", tone: "unknown" } : look;
}
