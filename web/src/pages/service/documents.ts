/** The objects of a service in tabs: generated entries, Services, Namespaces; each cluster's own. */

import type { ServiceDetail } from "../../api/dashboard";

export interface Sheet {
  /** What it is called within its tab. */
  label: string;
  context: string;
  yaml: string;
}

export interface Tab {
  kind: string;
  sheets: Sheet[];
}

const FIRST = ["ServiceEntry", "Service", "Namespace", "WorkloadEntry"];

/** One tab a kind: what was generated first, then what it was generated from, then what was found beside. */
export function tabsOf(detail: Pick<ServiceDetail, "entries" | "objects">): Tab[] {
  const tabs = new Map<string, Sheet[]>();
  for (const { kind, context, name, yaml } of [...detail.entries, ...detail.objects]) {
    const sheets = tabs.get(kind) ?? [];
    sheets.push({ label: `${context}: ${name}`, context, yaml });
    tabs.set(kind, sheets);
  }
  return [...tabs].map(([kind, sheets]) => ({ kind, sheets })).sort((one, other) => rank(one.kind) - rank(other.kind));
}

/** The sheet that was chosen; when it is gone, another one of the same cluster, else the first. */
export function chosen(tab: Tab, label: string): Sheet | undefined {
  const context = label.slice(0, label.indexOf(": "));
  return (
    tab.sheets.find((one) => one.label === label) ?? tab.sheets.find((one) => one.context === context) ?? tab.sheets[0]
  );
}

function rank(kind: string): number {
  const place = FIRST.indexOf(kind);
  return place < 0 ? FIRST.length : place;
}
