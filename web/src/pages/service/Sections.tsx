/** What is known of a service beyond its row. */
import { useMemo } from "preact/hooks";
import type { ServiceDetail } from "../../api/dashboard";
import type { Finding, GlobalService } from "../../api/types";
import { Command } from "../../parts/Copy";
import { Mark } from "../../parts/State";
import { alike } from "../findings/alike";
import { FindingItem } from "../findings/FindingItem";
import { EVERYTHING, grouped } from "../findings/grouping";
import { LEVEL_LOOKS, levelCount } from "../findings/levels";
import { Waivings } from "../findings/Waivings";
import { publishersOf } from "../topology/graph";
import { Chains } from "./Chains";
import { offers } from "./commands";
import { Documents } from "./Documents";
import { History } from "./History";
import { References } from "./References";

interface SectionsProps {
  detail: ServiceDetail;
  service: GlobalService;
}

export function Sections({ detail, service }: SectionsProps) {
  const { diagnosis, references, history, isComplete } = detail;
  return (
    <>
      {diagnosis === null ? null : (
        <>
          <h2>Link by link</h2>
          {isComplete ? null : (
            <p class="muted" role="status">
              Not everything has been read yet: what depends on the rest is not checked.
            </p>
          )}
          <Chains chains={diagnosis.chains} />
          <FindingsHere findings={diagnosis.findings} />
          <Waivings waived={diagnosis.waived} />
        </>
      )}
      <h2>Entries and objects</h2>
      <Documents detail={detail} />
      <h2>Routes and policies that use it</h2>
      <References references={references} />
      <h2>Changes</h2>
      <History history={history} />
      <h2>In a terminal</h2>
      <Offers service={service} />
    </>
  );
}

function FindingsHere({ findings }: { findings: readonly Finding[] }) {
  const groups = useMemo(() => grouped(findings, EVERYTHING), [findings]);
  if (groups.length === 0) return null;
  return (
    <>
      <h3>Findings</h3>
      {groups.map(({ level, count, codes }) => (
        <section key={level} class={`level-${level}`} aria-label={levelCount(level, count)}>
          <Mark look={{ ...LEVEL_LOOKS[level], word: levelCount(level, count) }} />
          <ul class="finding-list">
            {codes.flatMap((code) =>
              alike(code.findings).map((one) => (
                <FindingItem key={`${code.code} ${one.message}`} finding={one} isLinked={false} />
              )),
            )}
          </ul>
        </section>
      ))}
    </>
  );
}

function Offers({ service }: { service: GlobalService }) {
  return (
    <dl class="offers">
      {offers(service.namespace, service.name, publishersOf(service)).map(({ purpose, command }) => (
        <div key={purpose}>
          <dt>{purpose}</dt>
          <dd>
            <Command text={command} what={`the command: ${purpose}`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
