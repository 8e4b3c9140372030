/** Which findings are shown. */
import { useMemo } from "preact/hooks";
import type { Findings } from "../../api/dashboard";
import { counted } from "../../live/coverage";
import { Choice, Search } from "../../parts/Fields";
import { setQuery } from "../../router";
import { choices, contextsOf, type FindingFilter, LEVELS } from "./grouping";
import { LEVEL_LOOKS } from "./levels";

interface FiltersProps {
  found: Findings;
  filter: FindingFilter;
  shown: number;
}

export function Filters({ found, filter, shown }: FiltersProps) {
  const all = useMemo(() => [...found.findings, ...found.waived], [found]);
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <search class="fields">
      <Search value={filter.q} what="findings" />
      <Choice
        label="Severity"
        name="level"
        value={filter.level}
        options={LEVELS.map((level) => [level, LEVEL_LOOKS[level].word])}
      />
      <Choice
        label="Code"
        name="code"
        value={filter.code}
        options={choices(
          all.map((one) => one.code),
          filter.code,
        )}
      />
      <Choice
        label="Cluster"
        name="cluster"
        value={filter.context}
        options={choices(all.flatMap(contextsOf), filter.context)}
      />
      <Choice
        label="Namespace"
        name="ns"
        value={filter.ns}
        options={choices(
          all.map((one) => one.namespace),
          filter.ns,
        )}
      />
      {isFiltered ? (
        <button type="button" onClick={() => setQuery({ q: null, level: null, code: null, cluster: null, ns: null })}>
          Show all
        </button>
      ) : null}
      <span class="fields-count" role="status">
        {isFiltered ? `${shown} of ${counted(all.length, "finding")}` : counted(all.length, "finding")}
      </span>
    </search>
  );
}
