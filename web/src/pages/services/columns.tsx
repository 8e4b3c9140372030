/** What stands in each column of the table. */
import type { ComponentChildren } from "preact";
import { Actions } from "../../actions";
import { State } from "../../parts/State";
import { Age } from "../../parts/Time";
import { hrefOf } from "../../router";
import type { Row } from "./rows";
import { Strip } from "./Strip";
import { amountText, type Setting } from "./sums";
import type { Column, Kind } from "./view";

export const LABELS: Readonly<Record<Column, string>> = {
  state: "State",
  host: "Host",
  namespace: "Namespace",
  segment: "Segment",
  cluster: "Cluster",
  scope: "Scope",
  endpoints: "Endpoints",
  takeover: "Takeover",
  distribution: "Distribution",
  age: "Entry age",
  reason: "Reason",
};

/** The label of a column; a service stands in several clusters. */
export function labelOf(column: Column, kind: Kind): string {
  return column === "cluster" && kind === "services" ? "Clusters" : LABELS[column];
}

/** What each column shows of a row. */
export const CELLS: Readonly<Record<Column, (row: Row) => ComponentChildren>> = {
  state: (row) => <State state={row.state} />,
  host: (row) => <Host row={row} />,
  namespace: (row) => row.service.namespace,
  segment: (row) => (row.segments.length > 0 ? row.segments.join(", ") : <span class="muted">-</span>),
  cluster: (row) => (row.context === null ? <Strip cells={row.cells} /> : row.context),
  scope: (row) => <Scope row={row} />,
  endpoints: (row) => <Endpoints row={row} />,
  takeover: (row) => <SettingText setting={row.takeover} />,
  distribution: (row) => <SettingText setting={row.distribution} />,
  age: (row) => <Age since={row.created} />,
  reason: (row) => (row.reason === "" ? null : <span title={row.reason}>{row.reason}</span>),
};

function Host({ row }: { row: Row }) {
  const { service, hosts } = row;
  const [first] = hosts;
  const rest = hosts.slice(1);
  const name = `${service.namespace}/${service.name}`;
  return (
    <>
      <Actions namespace={service.namespace} name={service.name} isSmall />
      <a
        href={hrefOf({ page: "service", namespace: service.namespace, name: service.name })}
        title={`${first ?? name} (${name})`}
      >
        <bdi>{first ?? name}</bdi>
      </a>
      {rest.length > 0 ? (
        <span class="muted" title={rest.join("\n")}>
          {" "}
          +{rest.length}
          <span class="unseen"> more hosts: {rest.join(", ")}</span>
        </span>
      ) : null}
    </>
  );
}

const ORIGINS = { namespace: "by namespace", service: "by service", nobody: "not set", unread: "not read" } as const;

function Scope({ row }: { row: Row }) {
  const cell = row.cells[0];
  if (cell === undefined || cell.scopeOrigin === null) return <span class="muted">-</span>;
  return (
    <>
      {cell.scope ?? (cell.scopeOrigin === "unread" ? "?" : "-")}{" "}
      <span class="muted">({ORIGINS[cell.scopeOrigin]})</span>
    </>
  );
}

function Endpoints({ row }: { row: Row }) {
  const { endpoints } = row;
  const text = amountText(endpoints);
  if (endpoints.unread.length === 0) return <span class={endpoints.isNone ? "muted" : undefined}>{text}</span>;
  const unread = `not read in ${endpoints.unread.join(", ")}`;
  return (
    <span class="tone-unknown" title={unread}>
      {text}
      <span class="unseen"> {unread}</span>
    </span>
  );
}

function SettingText({ setting }: { setting: Setting }) {
  const isPlain = setting.kind === "set" || setting.kind === "mixed";
  return (
    <span class={isPlain ? undefined : "muted"} title={setting.detail === "" ? undefined : setting.detail}>
      {setting.text}
      {setting.kind === "mixed" || setting.kind === "unknown" ? <span class="unseen"> ({setting.detail})</span> : null}
    </span>
  );
}
