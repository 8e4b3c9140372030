/** The topology: which cluster has which service, and where requests go. Filtered by the address like the services. */
import "./topology.css";
import { useMemo } from "preact/hooks";
import type { GlobalService } from "../../api/types";
import { Empty, Loading } from "../../parts/Empty";
import { Choice, Search } from "../../parts/Fields";
import { WORST_FIRST } from "../../parts/states";
import { hrefOf, query, setQuery } from "../../router";
import { store } from "../../store";
import { arranged } from "../services/arrange";
import { RowMaker } from "../services/rows";
import { isFiltered, NO_FILTER, type View, viewOf } from "../services/view";
import { EdgeTable } from "./EdgeTable";
import { type Graph, graphOf, limitFor } from "./graph";
import { Legend } from "./Legend";
import { type Active, Picture } from "./Picture";
import { useWidth } from "./useWidth";
import { clusterWords, serviceWords } from "./words";

const maker = new RowMaker();

export function TopologyPage() {
  const services = store.services.value;
  if (services === null) return <Loading what="the clusters" />;
  if (services.size === 0) return <Empty title="No global services were found in what was read." />;
  return <Topology all={services} />;
}

function Topology({ all }: { all: ReadonlyMap<string, GlobalService> }) {
  const asked = query.value.toString();
  const view = useMemo(() => viewOf(new URLSearchParams(asked)), [asked]);
  const segments = store.segments.value;
  const defaultMode = store.rows.value?.defaultDistribution ?? "PreferNetwork";
  const services = useMemo(
    () => selected(all, view, { segments, defaultDistribution: defaultMode }),
    [all, view, segments, defaultMode],
  );
  const clusters = store.clusters.value;
  const contexts = clusters.map((one) => one.context);
  const from = contexts.find((context) => context === query.value.get("from")) ?? "";
  const members = store.check.value?.members ?? [];
  const graph = useMemo(
    () => graphOf({ services, members, clusters, defaultMode, from, limit: limitFor(clusters.length) }),
    [services, members, clusters, defaultMode, from],
  );
  return (
    <>
      <Fields view={view} all={all} contexts={contexts} from={from} graph={graph} />
      <Legend from={from} />
      {services.length > 0 ? <Drawn graph={graph} all={all} from={from} /> : <Empty title="No service is like that." />}
    </>
  );
}

/** By namespace and name, so that nothing jumps about when a state changes. */
function selected(
  all: ReadonlyMap<string, GlobalService>,
  view: View,
  setup: Parameters<RowMaker["rows"]>[2],
): GlobalService[] {
  const rows = maker.rows(all.values(), "services", setup);
  const byName: View = { ...view, kind: "services", sort: "namespace", isDescending: false, group: null };
  return arranged(rows, byName).rows.map((row) => row.service);
}

function Drawn({ graph, all, from }: { graph: Graph; all: ReadonlyMap<string, GlobalService>; from: string }) {
  const [frame, width] = useWidth<HTMLDivElement>(960);
  const clusters = new Map(graph.groups.flatMap((group) => group.clusters.map((one) => [one.context, one])));
  const words = ({ kind, id }: NonNullable<Active>): string => {
    const service = all.get(id);
    const cluster = clusters.get(id);
    if (kind === "service") return service ? serviceWords(service) : id;
    return cluster ? clusterWords(cluster, graph.edges) : id;
  };
  const viewFrom = (context: string): string => {
    const patch = Object.fromEntries(query.value);
    return hrefOf(
      { page: "topology" },
      { ...patch, state: query.value.getAll("state"), from: context === from ? null : context },
    );
  };
  return (
    <div ref={frame}>
      <Picture graph={graph} width={width} words={words} viewFrom={viewFrom} from={from} />
      <EdgeTable graph={graph} from={from} />
    </div>
  );
}

interface FieldsProps {
  view: View;
  all: ReadonlyMap<string, GlobalService>;
  contexts: readonly string[];
  from: string;
  graph: Graph;
}

function Fields({ view, all, contexts, from, graph }: FieldsProps) {
  const namespaces = [...new Set([...all.values()].map((one) => one.namespace))].sort();
  const shown = graph.services.length;
  return (
    <search class="fields">
      <Search value={query.value.get("q") ?? ""} what="services" />
      <Choice label="Namespace" name="ns" value={view.namespace} options={namespaces} />
      <Choice
        label="State"
        name="state"
        value={view.states[0]?.toLowerCase() ?? ""}
        options={WORST_FIRST.map((state) => [state.toLowerCase(), state] as const)}
      />
      <Choice label="Requests from" name="from" value={from} options={contexts} none="each cluster" />
      {isFiltered(view) ? (
        <button type="button" onClick={() => setQuery(NO_FILTER)}>
          Show all
        </button>
      ) : null}
      <span class="fields-count" role="status">
        {shown < graph.total
          ? `The first ${shown} of ${graph.total} services are drawn: search or filter for others`
          : `${shown} of ${all.size} services`}
      </span>
    </search>
  );
}
