/** The clusters: what is known of each, and what each says about its peers. */
import "./clusters.css";
import { useMemo } from "preact/hooks";
import type { FleetCheck } from "../../api/types";
import { counted } from "../../live/coverage";
import { Loading } from "../../parts/Empty";
import { Choice, Search } from "../../parts/Fields";
import { Mark } from "../../parts/State";
import { query } from "../../router";
import { store } from "../../store";
import { MembersTable } from "./MembersTable";
import { brokenPairs, counts, matrixOf, TIES, troubled } from "./matrix";
import { memberRows } from "./members";
import { Pairs } from "./Pairs";
import { PeeringMatrix, type Size } from "./PeeringMatrix";

export function ClustersPage() {
  const check = store.check.value;
  return check === null ? <Loading what="the clusters" /> : <Clusters check={check} />;
}

function Clusters({ check }: { check: FleetCheck }) {
  const findings = store.findings.value?.findings ?? [];
  const rows = useMemo(() => memberRows(check, findings), [check, findings]);
  const sought = (query.value.get("q") ?? "").toLowerCase();
  const shown = rows.filter((row) =>
    [row.context, row.versions, row.network, row.segment, ...row.reasons].some((text) =>
      text.toLowerCase().includes(sought),
    ),
  );
  const contexts = shown.map((row) => row.context);
  return (
    <>
      <search class="fields">
        <Search value={query.value.get("q") ?? ""} what="clusters" />
        <span class="fields-count" role="status">
          {sought ? `${shown.length} of ${counted(rows.length, "cluster")}` : counted(rows.length, "cluster")}
        </span>
        {rows.length > 1 ? <a href="#peering">Peering</a> : null}
      </search>
      <MembersTable rows={shown} />
      {rows.length > 1 ? <Peering check={check} contexts={contexts} /> : null}
    </>
  );
}

function Peering({ check, contexts }: { check: FleetCheck; contexts: readonly string[] }) {
  const asked = query.value;
  const { peering } = check;
  const names = contexts.join("\n");
  const said = useMemo(() => {
    const known = new Set(contexts);
    const among = peering.filter((one) => known.has(one.context) && known.has(one.peer));
    const inTrouble = troubled(contexts, among);
    return { among, inTrouble, pairs: brokenPairs(contexts, among) };
  }, [peering, names]);
  const isOnly = asked.get("only") === "trouble";
  const matrix = useMemo(() => matrixOf(isOnly ? said.inTrouble : contexts, said.among), [said, isOnly]);
  const size = sizeOf(asked.get("size"), matrix.contexts.length);
  return (
    <section aria-labelledby="peering">
      <h2 id="peering">Peering</h2>
      <p>Links have a direction: a cell is what the cluster of its row says about the cluster of its column.</p>
      <div class="fields">
        <Choice
          label="Clusters"
          name="only"
          value={isOnly ? "trouble" : ""}
          options={[["trouble", "not linked with all"]]}
        />
        <Choice
          label="Size"
          name="size"
          value={asked.get("size") ?? ""}
          options={["small", "medium", "large"]}
          none="as it fits"
        />
        <span class="ties">
          {counts(said.among).map(([tie, count]) => (
            <Mark key={tie} look={{ ...TIES[tie], word: `${count} ${TIES[tie].word}` }} />
          ))}
        </span>
      </div>
      {matrix.contexts.length > 0 ? (
        <PeeringMatrix matrix={matrix} size={size} />
      ) : (
        <p>All are linked with one another.</p>
      )}
      <Pairs pairs={said.pairs} />
    </section>
  );
}

function sizeOf(asked: string | null, clusters: number): Size {
  if (asked === "small" || asked === "medium" || asked === "large") return asked;
  if (clusters > 40) return "small";
  return clusters > 12 ? "medium" : "large";
}
