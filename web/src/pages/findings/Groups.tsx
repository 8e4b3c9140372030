/** Findings by severity and code. */
import { useMemo, useState } from "preact/hooks";
import { Mark } from "../../parts/State";
import { useSteps } from "../../parts/useSteps";
import { alike } from "./alike";
import { Explanation } from "./Explanation";
import { FindingItem } from "./FindingItem";
import type { CodeGroup, LevelGroup } from "./grouping";
import { LEVEL_LOOKS, levelCount } from "./levels";

const STEP = 20;

export function Groups({ groups }: { groups: readonly LevelGroup[] }) {
  useSteps(".finding");
  return (
    <>
      {groups.map((group) => (
        <section
          key={group.level}
          class={`findings-level level-${group.level}`}
          aria-labelledby={`level-${group.level}`}
        >
          <h2 id={`level-${group.level}`}>
            <Mark look={{ ...LEVEL_LOOKS[group.level], word: levelCount(group.level, group.count) }} />
          </h2>
          {group.codes.map((code) => (
            <Code key={code.code} group={code} />
          ))}
        </section>
      ))}
    </>
  );
}

/** All findings of a code, some at a time: a thousand services may have the same. */
function Code({ group }: { group: CodeGroup }) {
  const [most, setMost] = useState(STEP);
  const found = useMemo(() => alike(group.findings), [group.findings]);
  const rest = found.length - most;
  return (
    <section class="findings-code" aria-label={`${group.code} ${group.slug}`}>
      <h3>
        {group.code} <span class="slug">{group.slug}</span>
        {group.findings.length > 1 ? <span class="muted"> ({group.findings.length})</span> : null}
      </h3>
      <Explanation code={group.code} />
      <ul class="finding-list">
        {found.slice(0, most).map((one) => (
          <FindingItem key={one.message} finding={one} />
        ))}
      </ul>
      {rest > 0 ? (
        <button type="button" onClick={() => setMost(most + STEP)}>
          Show {Math.min(STEP, rest)} of {rest} more
        </button>
      ) : null}
    </section>
  );
}
