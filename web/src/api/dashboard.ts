/** The documents that only the dashboard has. Everything in them that commands print as well comes from types.ts. */
import type {
  ClusterReport,
  Diagnosis,
  Finding,
  FindingChange,
  FleetCheck,
  GlobalService,
  HostChange,
  Inventory,
  Summary,
  Waived,
} from "./types";

export interface About {
  version: string;
  source: "clusters" | "bundle";
  /** When a bundle was collected, RFC 3339; null for clusters. */
  takenAt: string | null;
  writes: boolean;
  protectedContexts: string[];
  contexts: { context: string }[];
  /** The only namespace that is shown; null: all. */
  namespace: string | null;
  segmentVisibility: string;
  startedAt: string;
}

export interface EntryDocument {
  context: string;
  kind: string;
  name: string;
  yaml: string;
}

export interface ObjectDocument {
  context: string;
  kind: "Service" | "Namespace";
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  yaml: string;
}

/** A route, rule or policy that names one of the service's hosts. */
export interface Reference {
  context: string;
  kind: string;
  namespace: string | null;
  name: string;
  field: string;
  text: string;
}

export interface ServiceDetail {
  service: GlobalService;
  diagnosis: Diagnosis | null;
  entries: EntryDocument[];
  objects: ObjectDocument[];
  references: Reference[];
  /** Of this run of the program, newest first. */
  history: HostChange[];
  /** False while pods are still being read. */
  isComplete: boolean;
}

export interface Findings {
  findings: Finding[];
  waived: Waived[];
}

export interface Explanation {
  code: string;
  slug: string;
  title: string;
  level: string;
  summary: string;
  /** Markdown. */
  text: string;
  remedy: string;
  reads: string[];
  rule: string;
}

export type Change = HostChange | FindingChange;

/** What the event stream says, by the event's name. Each is newer than what was got under a lower version. */
export interface Events {
  hello: { version: number };
  services: {
    version: number;
    services: GlobalService[];
    /** As `namespace/name`. */
    removed: string[];
    summary: Summary;
    /** Null where nothing changed in them. */
    clusters: ClusterReport[] | null;
    exitCode: number;
  };
  check: { version: number; check: FleetCheck };
  findings: { version: number; findings: Finding[]; waived: Waived[] };
  change: { version: number; change: Change };
  ended: { message: string };
}

export type { FleetCheck, Inventory };
