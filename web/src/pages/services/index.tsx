/** The Global Services page: every service that is global somewhere, and what each cluster makes of it. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { counted } from "../../live/coverage";
import { Empty, Loading } from "../../parts/Empty";
import { query, setQuery } from "../../router";
import { store } from "../../store";
import { type Arranged, arranged } from "./arrange";
import { notePlace } from "./focus";
import { RowMaker } from "./rows";
import "./services.css";
import "./table.css";
import "./narrow.css";
import { States } from "./States";
import { Table } from "./Table";
import { Toolbar } from "./Toolbar";
import { isFiltered, NO_FILTER, type View, viewOf } from "./view";

export function ServicesPage() {
  const rows = store.rows.value;
  const view = viewOf(query.value);
  const maker = useRef<RowMaker>(null);
  maker.current ??= new RowMaker();
  const segments = store.segments.value;
  const all = useMemo(() => {
    if (rows === null) return [];
    const setup = { segments, defaultDistribution: rows.defaultDistribution };
    return (maker.current ?? new RowMaker()).rows(rows.services.values(), view.kind, setup);
  }, [rows, segments, view.kind]);
  const shown = useMemo(() => arranged(all, view), [all, query.value]);
  useEffect(() => {
    addEventListener("scroll", notePlace, { passive: true });
    return () => removeEventListener("scroll", notePlace);
  }, []);
  useEffect(notePlace, [query.value]);
  if (rows === null) return <Loading what="the clusters" />;
  const caption = captionOf(shown, all.length, view);
  return (
    <>
      <Toolbar view={view} rows={shown.rows} />
      <States view={view} counts={shown.counts} caption={caption} />
      {shown.rows.length === 0 ? (
        <Nothing view={view} />
      ) : (
        <Table key={view.kind} lines={shown.lines} view={view} caption={caption} />
      )}
    </>
  );
}

function captionOf(shown: Arranged, all: number, view: View): string {
  const what = view.kind === "services" ? "service" : "row";
  return shown.rows.length === all ? counted(all, what) : `${shown.rows.length} of ${counted(all, what)}`;
}

function Nothing({ view }: { view: View }) {
  if (isFiltered(view))
    return (
      <Empty title="No service is like that">
        <button type="button" onClick={() => setQuery(NO_FILTER)}>
          Show all
        </button>
      </Empty>
    );
  const namespace = store.about.value?.namespace ?? null;
  const { read, holes } = store.coverage.value;
  if (holes.length > 0)
    return (
      <Empty title={read === 0 ? "Nothing could be read yet" : "No global service was found where it could be read"} />
    );
  return (
    <Empty title={namespace === null ? "No service is global" : `No service of the namespace ${namespace} is global`}>
      <p>
        To expose one: <code>meshglobal expose svc NAME -n NAMESPACE</code>
      </p>
    </Empty>
  );
}
