/** The objects as YAML: a tab a kind, and in it each cluster's. */
import { useId, useRef, useState } from "preact/hooks";
import type { ServiceDetail } from "../../api/dashboard";
import { Copy } from "../../parts/Copy";
import { chosen, type Tab, tabsOf } from "./documents";
import { Yaml } from "./Yaml";

export function Documents({ detail }: { detail: ServiceDetail }) {
  const tabs = tabsOf(detail);
  const [kind, setKind] = useState("");
  const [label, setLabel] = useState("");
  const id = useId();
  const tab = tabs.find((one) => one.kind === kind) ?? tabs[0];
  if (tab === undefined) return <p class="muted">None was found.</p>;
  return (
    <div class="documents">
      <TabList tabs={tabs} open={tab.kind} id={id} onOpen={setKind} />
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab.kind}`}>
        <Panel tab={tab} label={label} onChoose={setLabel} />
      </div>
    </div>
  );
}

interface TabListProps {
  tabs: readonly Tab[];
  open: string;
  id: string;
  onOpen: (kind: string) => void;
}

/** Tabs as readers of screens know them: one can be reached, and arrows go to the others. */
function TabList({ tabs, open, id, onOpen }: TabListProps) {
  const list = useRef<HTMLDivElement>(null);
  const step = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = (tabs.findIndex((tab) => tab.kind === open) + by + tabs.length) % tabs.length;
    onOpen(tabs[at]?.kind ?? open);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[at]?.focus();
  };
  return (
    <div role="tablist" aria-label="Kinds of objects" class="tabs" ref={list} onKeyDown={step} tabIndex={-1}>
      {tabs.map(({ kind, sheets }) => (
        <button
          key={kind}
          type="button"
          role="tab"
          id={`${id}-${kind}`}
          aria-controls={`${id}-panel`}
          aria-selected={kind === open}
          tabIndex={kind === open ? 0 : -1}
          onClick={() => onOpen(kind)}
        >
          {kind} <span class="muted">{sheets.length}</span>
        </button>
      ))}
    </div>
  );
}

interface PanelProps {
  tab: Tab;
  label: string;
  onChoose: (label: string) => void;
}

function Panel({ tab, label, onChoose }: PanelProps) {
  const sheet = chosen(tab, label);
  if (sheet === undefined) return null;
  return (
    <>
      <div class="fields sheet-fields">
        {tab.sheets.length > 1 ? (
          <label class="field">
            <span class="field-label">Cluster and name</span>
            <select value={sheet.label} onChange={(event) => onChoose(event.currentTarget.value)}>
              {tab.sheets.map((one) => (
                <option key={one.label} value={one.label}>
                  {one.label}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <span class="muted">{sheet.label}</span>
        )}
        <Copy text={sheet.yaml} what={`${tab.kind} of ${sheet.label}`} />
      </div>
      <Yaml text={sheet.yaml} label={`${tab.kind} of ${sheet.label}`} />
    </>
  );
}
