/** The findings: what is wrong or doubtful in the mesh, the worst first. */
import "./findings.css";
import { useMemo } from "preact/hooks";
import type { Findings } from "../../api/dashboard";
import { type Coverage, sentenceOf } from "../../live/coverage";
import { Empty, Loading } from "../../parts/Empty";
import { Mark } from "../../parts/State";
import { query } from "../../router";
import { store } from "../../store";
import { Filters } from "./Filters";
import { Groups } from "./Groups";
import { type FindingFilter, grouped, matches } from "./grouping";
import { Waivings } from "./Waivings";

export function FindingsPage() {
  const found = store.findings.value;
  return found === null ? <Loading what="findings" /> : <Found found={found} />;
}

function Found({ found }: { found: Findings }) {
  const filter = filterOf(query.value);
  const key = JSON.stringify(filter);
  const groups = useMemo(() => grouped(found.findings, filter), [found, key]);
  const waived = found.waived.filter((one) => matches(one, filter));
  const shown = groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <>
      {found.findings.length + found.waived.length > 0 ? (
        <Filters found={found} filter={filter} shown={shown + waived.length} />
      ) : null}
      {found.findings.length === 0 ? <NothingFound coverage={store.coverage.value} /> : null}
      {found.findings.length > 0 && shown + waived.length === 0 ? <Empty title="No finding is like that." /> : null}
      <Groups groups={groups} />
      <Waivings waived={waived} />
    </>
  );
}

/** Nothing was found is only good news where everything was read. */
function NothingFound({ coverage }: { coverage: Coverage }) {
  const isWhole = coverage.clusters > 0 && coverage.holes.length === 0;
  const look = isWhole
    ? { glyph: "✓", word: "Nothing wrong found", tone: "ready" }
    : { glyph: "?", word: "Nothing wrong found in what was read", tone: "unknown" };
  return (
    <div class="empty">
      <p>
        <Mark look={look} />
      </p>
      <p>{sentenceOf(coverage)}</p>
    </div>
  );
}

function filterOf(asked: URLSearchParams): FindingFilter {
  const text = (key: string): string => asked.get(key) ?? "";
  return { q: text("q"), level: text("level"), code: text("code"), context: text("cluster"), ns: text("ns") };
}
