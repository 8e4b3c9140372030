/** What is shown, as a file: CSV for tables, JSON as `list -o json` has it. Pure, but for `save`. */
import type { GlobalService } from "../../api/types";
import { lookOf } from "../../parts/states";
import type { Row } from "./rows";
import { amountText } from "./sums";
import type { Kind } from "./view";

const HEAD: Readonly<Record<Kind, readonly string[]>> = {
  services: [
    "state",
    "hosts",
    "namespace",
    "service",
    "segments",
    "clusters",
    "endpoints",
    "takeover",
    "distribution",
    "newest entry",
    "reason",
  ],
  clusters: [
    "state",
    "hosts",
    "namespace",
    "service",
    "segments",
    "cluster",
    "scope",
    "scope origin",
    "endpoints",
    "takeover",
    "distribution",
    "entry created",
    "reason",
  ],
};

/** RFC 4180, with a header line. */
export function csvOf(rows: readonly Row[], kind: Kind): string {
  const lines = rows.map((row) => (kind === "services" ? serviceLine(row) : clusterLine(row)));
  return [HEAD[kind], ...lines].map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

function serviceLine(row: Row): string[] {
  const clusters = row.cells.map((cell) => `${cell.context}=${lookOf(cell.state).word}`).join(" ");
  return [...names(row), clusters, ...settings(row)];
}

function clusterLine(row: Row): string[] {
  const cell = row.cells[0];
  return [...names(row), row.context ?? "", cell?.scope ?? "", cell?.scopeOrigin ?? "", ...settings(row)];
}

function names(row: Row): string[] {
  return [lookOf(row.state).word, row.hosts.join(" "), row.service.namespace, row.service.name, row.segments.join(" ")];
}

function settings(row: Row): string[] {
  return [amountText(row.endpoints), row.takeover.text, row.distribution.text, row.created ?? "", row.reason];
}

/** Spreadsheets take a text for a formula if it begins so; with an apostrophe before it they show it as it is. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && text !== "-" ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Of each service that is shown those clusters that are shown. */
export function jsonOf(rows: readonly Row[], rest: Readonly<Record<string, unknown>>): string {
  const shown = new Map<GlobalService, Set<string>>();
  for (const row of rows) {
    const contexts = shown.get(row.service) ?? new Set();
    for (const cell of row.cells) contexts.add(cell.context);
    shown.set(row.service, contexts);
  }
  const services = [...shown].map(([service, contexts]) => ({
    ...service,
    cells: service.cells.filter((cell) => contexts.has(cell.context)),
  }));
  return `${JSON.stringify({ apiVersion: "meshglobal.dev/v1", kind: "Inventory", ...rest, services }, null, 2)}\n`;
}

/** Let the browser keep a text as a file. */
export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
