/** Search, filters, grouping, the two views, downloads. All of it is in the address. */
import { useSignal } from "@preact/signals";
import { Actions } from "../../actions";
import { Search } from "../../parts/Fields";
import { query, setQuery } from "../../router";
import { store } from "../../store";
import { CHOICES, Choice } from "./Choice";
import { labelOf } from "./columns";
import { csvOf, jsonOf, save } from "./download";
import type { Row } from "./rows";
import { COLUMNS, GROUPS, isFiltered, type Kind, NO_FILTER, type View } from "./view";

export function Toolbar({ view, rows }: { view: View; rows: readonly Row[] }) {
  const isOpen = useSignal(false);
  return (
    <div class="toolbar">
      <Search
        value={query.value.get("q") ?? ""}
        what="hosts, names, namespaces, clusters and reasons"
        placeholder="Search"
      />
      <Kinds view={view} />
      <button
        type="button"
        class="only-narrow"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        Filters
      </button>
      <div class={isOpen.value ? "more is-open" : "more"}>
        <Choice
          name="ns"
          label="Namespace"
          all="All namespaces"
          options={CHOICES.namespaces.value}
          value={view.namespace}
        />
        {CHOICES.segments.value.length + view.segment.length > 0 ? (
          <Choice
            name="segment"
            label="Segment"
            all="All segments"
            options={CHOICES.segments.value}
            value={view.segment}
          />
        ) : null}
        <Choice
          name="cluster"
          label="Cluster"
          all="All clusters"
          options={CHOICES.clusters.value}
          value={view.cluster}
        />
        <Choice name="group" label="Group" all="Not grouped" options={GROUPS} prefix="By " value={view.group ?? ""} />
        <SortChoice view={view} />
        {isFiltered(view) ? (
          <button type="button" onClick={() => setQuery(NO_FILTER)}>
            Show all
          </button>
        ) : null}
        <Downloads rows={rows} kind={view.kind} />
        <Actions label="Expose…" />
      </div>
    </div>
  );
}

const KINDS: readonly (readonly [Kind, string])[] = [
  ["services", "Services"],
  ["clusters", "Per cluster"],
];

function Kinds({ view }: { view: View }) {
  return (
    <fieldset class="kinds">
      <legend class="unseen">One row for each</legend>
      {KINDS.map(([kind, label]) => (
        <button
          key={kind}
          type="button"
          aria-pressed={view.kind === kind}
          onClick={() => setQuery({ view: kind === "services" ? null : kind })}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

/** For small screens, where there is no head to click on. */
function SortChoice({ view }: { view: View }) {
  const options = COLUMNS[view.kind].flatMap((column) => [column, `-${column}`]);
  const word = (option: string): string => {
    const column = COLUMNS[view.kind].find((one) => one === option.replace("-", "")) ?? "state";
    return `By ${labelOf(column, view.kind).toLowerCase()}${option.startsWith("-") ? ", reversed" : ""}`;
  };
  const value = `${view.isDescending ? "-" : ""}${view.sort}`;
  return (
    <label class="choice only-narrow">
      <span class="unseen">Sort</span>
      <select value={value} onChange={(event) => setQuery({ sort: event.currentTarget.value })}>
        {options.map((option) => (
          <option key={option} value={option}>
            {word(option)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Downloads({ rows, kind }: { rows: readonly Row[]; kind: Kind }) {
  const name = (): string => `global-services-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}Z`;
  const json = (): string =>
    jsonOf(rows, {
      clusters: store.clusters.value,
      defaultDistribution: store.rows.value?.defaultDistribution ?? null,
    });
  return (
    <fieldset class="downloads">
      <legend class="unseen">Download what is shown</legend>
      <button type="button" onClick={() => save(`${name()}.csv`, "text/csv;charset=utf-8", csvOf(rows, kind))}>
        <span aria-hidden="true">↓ </span>CSV
      </button>
      <button type="button" onClick={() => save(`${name()}.json`, "application/json", json())}>
        <span aria-hidden="true">↓ </span>JSON
      </button>
    </fieldset>
  );
}
