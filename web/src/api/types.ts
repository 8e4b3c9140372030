/* Made from docs/schema by `npm run types`. Change it there. */

/**
 * The class of a failure. The value is what machines read.
 */
export type Cause =
  | "conflict"
  | "connection-lost"
  | "credentials-expired"
  | "credentials-missing"
  | "credentials-plugin"
  | "dns"
  | "forbidden"
  | "kubeconfig"
  | "no-such-kind"
  | "not-found"
  | "not-in-files"
  | "not-started"
  | "proxy"
  | "refused"
  | "rejected"
  | "server-error"
  | "throttled"
  | "timeout"
  | "tls"
  | "unauthorized"
  | "unreadable";
/**
 * What a cluster says about one peer.
 */
export type Tie = "disconnected" | "failed" | "linked" | "missing" | "unknown";
/**
 * How bad a finding is. `unknown`: something could not be looked at.
 */
export type Level = "error" | "unknown" | "warning";
/**
 * What became of one link.
 */
export type Outcome = "broken" | "not checked" | "ok";
/**
 * The six states of a global host in a cluster.
 */
export type State = "Drift" | "Missing" | "Partial" | "Ready" | "Stale" | "Unknown";
/**
 * What a reason speaks of, for machines. Where there is one, a finding says what mends it.
 */
export type Deviation =
  | "entry-missing"
  | "other-host"
  | "other-ports"
  | "other-resolution"
  | "peer-missing"
  | "several-entries"
  | "stale-entry";
/**
 * Whose label decided.
 */
export type Origin = "namespace" | "nobody" | "service" | "unread";
/**
 * How a change ended; `unknown`: something was sent of which nobody knows whether it was carried out.
 */
export type WriteOutcome = "nothing" | "partly" | "unknown" | "written";
/**
 * How a step ended.
 */
export type Status = "changed" | "conflict" | "failed" | "unchanged" | "would-change";

/**
 * What the page must know of the program behind it.
 *
 * Attributes:
 *     version: of meshglobal.
 *     source: `clusters` or `bundle` (everything that `--from` reads).
 *     taken_at: when a bundle was collected, RFC 3339; null for clusters, and where that is not known.
 *     writes: whether the page may change something.
 *     protected_contexts: those of the contexts that the settings protect.
 *     contexts: all that were selected, in that order.
 *     namespace: the only one that is shown; null: all.
 *     segment_visibility: which reading of R10 applies.
 *     started_at: when the program began to listen, RFC 3339.
 */
export interface About {
  apiVersion: string;
  kind: string;
  version: string;
  source: string;
  takenAt: string | null;
  writes: boolean;
  protectedContexts: string[];
  contexts: ContextName[];
  namespace: string | null;
  segmentVisibility: string;
  startedAt: string;
}
/**
 * A selected context: its name alone, not where its server is.
 */
export interface ContextName {
  context: string;
}
/**
 * `event: check`: the clusters, without findings, which come by themselves.
 */
export interface CheckNews {
  version: number;
  check: FleetCheck;
}
/**
 * What `check` prints: the clusters, what each says about each other, and what is wrong.
 */
export interface FleetCheck {
  apiVersion: string;
  kind: string;
  command: string;
  exitCode: number;
  failOn: string;
  error: Problem | null;
  clusters: ClusterReport[];
  members: Member[];
  peering: Direction[];
  findings: Finding[];
  waived: Waived[];
  summary: Summary;
}
/**
 * Why the run could not go on.
 */
export interface Problem {
  message: string;
  hint: string;
}
/**
 * One selected cluster: whether it was reached, and what could not be read there.
 */
export interface ClusterReport {
  context: string;
  uid: string | null;
  aliases: string[];
  reached: boolean;
  unread: Unread[];
}
/**
 * One reading that failed: `kind` is null when the whole cluster could not be reached.
 */
export interface Unread {
  kind: string | null;
  namespace: string | null;
  failure: Failure;
}
/**
 * One thing that could not be done in one cluster.
 *
 * Attributes:
 *     cause: the class, for machines.
 *     message: one sentence with what the server or the system said; never a secret.
 *     next_step: what to do about it.
 */
export interface Failure {
  cause: Cause;
  message: string;
  nextStep: string;
}
/**
 * One cluster of the mesh.
 *
 * Attributes:
 *     control_plane_ready, control_plane_total: pods of istiod; null where they could not be read, or none was found.
 *     versions: of istiod, as its images or revisions tell them; several while one takes over from another.
 *     network, segment: as labelled; null where unset or unread.
 *     gateway: `ready`, `not-ready`, `missing` or `unknown`.
 *     addresses: of the cluster's own east-west gateways.
 *     linked, peers: how many of the selected peers it is linked with, of how many.
 */
export interface Member {
  context: string;
  reached: boolean;
  controlPlaneReady: number | null;
  controlPlaneTotal: number | null;
  versions: string[];
  network: string | null;
  segment: string | null;
  gateway: string;
  addresses: string[];
  linked: number;
  peers: number;
}
/**
 * What one cluster says about one peer.
 */
export interface Direction {
  context: string;
  peer: string;
  state: Tie;
}
/**
 * One thing that is wrong.
 *
 * Attributes:
 *     code, slug: of the check that found it; codes are never used again for something else.
 *     level: how bad.
 *     message: one sentence: what, where.
 *     remedy: what to do: a command wherever one does it; empty where only a person can decide.
 *     context: the cluster concerned; null where it concerns the mesh.
 *     namespace, service: the service concerned; null where it concerns clusters.
 *     evidence: what was seen.
 *     rule: the rule of the reference that it rests on.
 */
export interface Finding {
  code: string;
  slug: string;
  level: Level;
  message: string;
  remedy: string;
  context: string | null;
  namespace: string | null;
  service: string | null;
  evidence: Evidence[];
  rule: string;
}
/**
 * What was seen, where: a field of an object in a cluster, its value, and the value that would be right.
 *
 * `name` may be empty where the absence of an object is what was seen; `value` null where the field is not set.
 */
export interface Evidence {
  context: string;
  kind: string;
  namespace: string | null;
  name: string;
  field: string;
  value: string | null;
  expected: string | null;
}
/**
 * A finding, the state of a host, or a broken link of a chain, that does not count; why, and until when.
 *
 * `level` is how bad it would be if it did. `context`, `namespace` and `service` say where, as for a finding.
 */
export interface Waived {
  code: string;
  subject: string;
  message: string;
  reason: string;
  expires: string;
  fingerprint: string;
  level: Level | null;
  context: string | null;
  namespace: string | null;
  service: string | null;
}
/**
 * Counts: global hosts by state (each host and cluster once), and clusters.
 */
export interface Summary {
  ready: number;
  partial: number;
  missing: number;
  drift: number;
  stale: number;
  unknown: number;
  clusters: number;
  clustersRead: number;
}
/**
 * Counts: global hosts by state (each host and cluster once), and clusters.
 */
export interface Summary1 {
  ready: number;
  partial: number;
  missing: number;
  drift: number;
  stale: number;
  unknown: number;
  clusters: number;
  clustersRead: number;
}
/**
 * What `diagnose` prints. `cause` is null where no chain is broken, or all that is broken is waived.
 *
 * `doubt` is then the finding to look at first, null where there is none either.
 */
export interface Diagnosis {
  apiVersion: string;
  kind: string;
  command: string;
  exitCode: number;
  failOn: string;
  error: Problem | null;
  namespace: string;
  service: string;
  hosts: string[];
  clusters: ClusterReport[];
  chains: Chain[];
  cause: RootCause | null;
  doubt: RootCause | null;
  findings: Finding[];
  waived: Waived[];
  summary: Summary2;
}
/**
 * The links of one cluster, in order; after the first broken one nothing is checked.
 */
export interface Chain {
  context: string;
  links: ChainLink[];
}
/**
 * One link of a chain.
 *
 * Attributes:
 *     name: which.
 *     message: what was seen; for a link that was not checked, why not.
 *     level: how bad, if it is broken; `unknown` where something could not be read; null where all is well.
 *     cause: what broke it, where that is known better than the message says.
 *     code: the finding that says so; null where there is none.
 *     remedy: one command; empty where none mends it.
 *     waived: why a broken link does not count; empty: it does.
 */
export interface ChainLink {
  name: string;
  outcome: Outcome;
  message: string;
  level: Level | null;
  cause: string;
  code: string | null;
  remedy: string;
  waived: string;
}
/**
 * The one thing to mend first: in which clusters, which link, what, and how.
 *
 * `link` is empty where no link is broken. `explains`: the codes of other findings that this one brings about.
 */
export interface RootCause {
  contexts: string[];
  link: string;
  level: Level;
  message: string;
  code: string | null;
  remedy: string;
  explains: string[];
}
/**
 * Counts: global hosts by state (each host and cluster once), and clusters.
 */
export interface Summary2 {
  ready: number;
  partial: number;
  missing: number;
  drift: number;
  stale: number;
  unknown: number;
  clusters: number;
  clustersRead: number;
}
/**
 * What `explain` says of one code.
 *
 * `remedy` has names in capitals where those of a cluster or service belong; `reads`: the kinds that it rests on;
 * `text` is in Markdown.
 */
export interface Explanation {
  apiVersion: string;
  kind: string;
  code: string;
  slug: string;
  title: string;
  level: string;
  summary: string;
  text: string;
  remedy: string;
  reads: string[];
  rule: string;
}
/**
 * A finding came (`present`) or went.
 *
 * `time` and `exit_code` as for a host. A waived finding counts as not there.
 */
export interface FindingChange {
  apiVersion: string;
  kind: string;
  time: string;
  exitCode: number;
  present: boolean;
  finding: Finding;
}
/**
 * All that the checks find about services and clusters, and what of it does not count.
 */
export interface Findings {
  apiVersion: string;
  kind: string;
  findings: Finding[];
  waived: Waived[];
}
/**
 * `event: findings`: all of them.
 */
export interface FindingsNews {
  version: number;
  findings: Finding[];
  waived: Waived[];
}
/**
 * A global host in one cluster says something else now.
 *
 * Attributes:
 *     time: when it was seen, RFC 3339.
 *     exit_code: what the run would end with now.
 *     host: as it is shown: the host expected, else the one found, else `namespace/service`.
 *     before, after: the states; null where the host was not there, or is not there any more.
 *     reason: why, for the state after.
 *     verdict: all that is said of it now; null where nothing is.
 */
export interface HostChange {
  apiVersion: string;
  kind: string;
  time: string;
  exitCode: number;
  context: string;
  namespace: string;
  service: string;
  host: string;
  before: State | null;
  after: State | null;
  reason: string;
  verdict: Verdict | null;
}
/**
 * One global host in one cluster.
 *
 * Attributes:
 *     namespace, service: which service.
 *     context: the cluster.
 *     state: one of the six.
 *     reason: why, in a sentence; for a Ready host a remark, or empty.
 *     host: the host expected; None when none is, or when none can be computed.
 *     found_hosts: the hosts on the generated entries that were found for the service there.
 *     entry: the name of the ServiceEntry that was judged.
 *     entry_created: its creation time, RFC 3339.
 *     publishers: the contexts whose endpoints stand behind the host.
 *     missing_peers: the publishers whose endpoints have not joined here (R19).
 *     deviations: what is wrong with the generated entries, as the reason says it.
 */
export interface Verdict {
  namespace: string;
  service: string;
  context: string;
  state: State;
  reason: string;
  host: string | null;
  foundHosts: string[];
  entry: string | null;
  entryCreated: string | null;
  publishers: string[];
  missingPeers: string[];
  deviations: Deviation[];
}
/**
 * All global services; what `list` and `describe` print.
 */
export interface Inventory {
  apiVersion: string;
  kind: string;
  command: string;
  exitCode: number;
  defaultDistribution: string;
  clusters: ClusterReport[];
  services: GlobalService[];
  findings: Finding[];
  waived: Waived[];
  summary: Summary3;
}
/**
 * One service across the clusters; `aliases`: further hosts that the Segments of its clusters give it.
 */
export interface GlobalService {
  namespace: string;
  name: string;
  hosts: string[];
  aliases: string[];
  cells: Cell[];
}
/**
 * One service in one cluster.
 *
 * Attributes:
 *     state: the worst state of the service's hosts there; null where no host is expected or found.
 *     reason: why, for that state.
 *     present: whether the cluster has the Service; null when that could not be read.
 *     scope, scope_origin: the effective scope, and whose label decided (service, namespace, nobody, unread).
 *     takeover: whether its cluster-local name is answered globally; without a local Service as the peers say (R25).
 *     distribution: the Service's own mode; null: none set, the default applies.
 *     ports: number and protocol of each port.
 *     endpoints: null when EndpointSlices could not be read or there is no Service.
 */
export interface Cell {
  context: string;
  state: State | null;
  reason: string;
  present: boolean | null;
  scope: string | null;
  scopeOrigin: Origin | null;
  takeover: boolean | null;
  distribution: string | null;
  ports: string[];
  endpoints: Endpoints | null;
  hosts: Verdict[];
  entry: string | null;
  entryCreated: string | null;
}
/**
 * Endpoints of one Service in one cluster.
 */
export interface Endpoints {
  ready: number;
  total: number;
}
/**
 * Counts: global hosts by state (each host and cluster once), and clusters.
 */
export interface Summary3 {
  ready: number;
  partial: number;
  missing: number;
  drift: number;
  stale: number;
  unknown: number;
  clusters: number;
  clustersRead: number;
}
/**
 * The newest changes, newest first; `illegible`: lines of the journal that say nothing.
 */
export interface JournalShown {
  apiVersion: string;
  kind: string;
  entries: JournalEntry[];
  illegible: number;
}
/**
 * One change of the journal.
 *
 * `state`: `ended`, `running` (in this program), or `unknown`: it began, and nothing says how it ended; then
 * `ended_at` and `outcome` are null.
 */
export interface JournalEntry {
  id: string;
  time: string;
  who: string;
  source: string;
  command: string;
  state: "ended" | "running" | "unknown";
  endedAt: string | null;
  outcome: WriteOutcome | null;
  message: string;
  objects: Touched[];
  writes: Write[];
}
/**
 * One object that is about to be changed: `changes` have what is put back to undo it.
 *
 * `uid` tells whether it is still the same object.
 */
export interface Touched {
  context: string;
  kind: string;
  namespace: string | null;
  name: string;
  uid: string;
  changes: Change[];
}
/**
 * One label or annotation of a write: `before` and `after` are null where it is not set.
 */
export interface Change {
  section: string;
  key: string;
  before: string | null;
  after: string | null;
}
/**
 * What was done, or would be, to one object in one cluster.
 */
export interface Write {
  context: string;
  kind: string;
  namespace: string | null;
  name: string;
  status: Status;
  changes: Change[];
  warnings: string[];
  failure: Failure | null;
}
/**
 * Nothing was written: why in a sentence, and what each cluster said.
 */
export interface NotWritten {
  error: Said;
  report: Report;
}
/**
 * What went wrong, and what to do next; empty where nothing is known.
 */
export interface Said {
  message: string;
  hint: string;
}
/**
 * The whole result of a run.
 *
 * `exit_code` is what the process ends with, `fail_on` the lowest severity that makes it 1 (or `never`);
 * `expected_hosts` the global hosts of what was written; `waived` what was found and does not count.
 */
export interface Report {
  apiVersion: string;
  kind: string;
  command: string;
  exitCode: number;
  failOn: string;
  error: Problem | null;
  dryRun: string;
  clusters: ClusterReport[];
  writes: Write[];
  expectedHosts: string[];
  hosts: Verdict[];
  findings: Finding[];
  waived: Waived[];
  notes: Note[];
  summary: Summary4;
}
/**
 * A remark that changes no verdict: a doubtful setting, with the rule it comes from.
 */
export interface Note {
  severity: string;
  message: string;
  rule: string;
  context: string | null;
  namespace: string | null;
  service: string | null;
}
/**
 * Counts: global hosts by state (each host and cluster once), and clusters.
 */
export interface Summary4 {
  ready: number;
  partial: number;
  missing: number;
  drift: number;
  stale: number;
  unknown: number;
  clusters: number;
  clustersRead: number;
}
/**
 * What a plan would change.
 *
 * Attributes:
 *     id: names it when it is agreed to: once, and until `expires_at` (RFC 3339).
 *     extent: how much, as `change 2 objects in 2 clusters`.
 *     report: what the servers said when they tried it without storing anything.
 *     diff, blast: as the commands print them.
 *     findings: what would be found afterwards.
 *     command: does the same in a shell, a command a line.
 *     needs_names: the protected contexts in which something would be changed: they must be typed.
 *     left_out: contexts in which nothing would be written, because they could not be read.
 */
export interface PlanShown {
  apiVersion: string;
  kind: string;
  id: string;
  expiresAt: string;
  extent: string;
  report: Report;
  diff: string[];
  blast: string[];
  findings: Finding[];
  command: string;
  needsNames: string[];
  leftOut: string[];
}
/**
 * What shall be changed.
 *
 * Attributes:
 *     action: as the command of that name; `set` changes takeover or distribution alone.
 *     kind, namespace, names: which services (`svc`) of a namespace, or which namespaces (`ns`).
 *     contexts: where; null: wherever it is.
 *     scope: for `expose`; null: global.
 *     takeover: whether there shall be one; null: as it is.
 *     distribution: the mode, or `unset` to take it away; null: as it is.
 *     overwrite: replace other values.
 *     opt_out, purge: as the options of `unexpose`.
 */
export interface PlanAsked {
  action: "expose" | "set" | "unexpose";
  kind: "ns" | "svc";
  namespace: string | null;
  /**
   * @maxItems 200
   */
  names: string[];
  contexts: string[] | null;
  scope: string | null;
  takeover: boolean | null;
  distribution: string | null;
  overwrite: boolean;
  optOut: boolean;
  purge: boolean;
}
/**
 * Everything about one service.
 *
 * Attributes:
 *     service: its row in the inventory; without hosts where no cluster publishes it.
 *     diagnosis: what `diagnose` says; of what is still being read it says that it was not looked at.
 *     entries: what was generated for it, by cluster.
 *     objects: the Services and Namespaces, by cluster.
 *     references: what names its hosts.
 *     history: what changed while the program runs, newest first.
 *     is_complete: whether all that it rests on has been read, or is known not to be readable.
 */
export interface ServiceDetail {
  apiVersion: string;
  kind: string;
  service: GlobalService;
  diagnosis: Diagnosis | null;
  entries: EntryDocument[];
  objects: ObjectDocument[];
  references: Reference[];
  history: HostChange[];
  isComplete: boolean;
}
/**
 * A generated entry in one cluster; `yaml` has the fields that meshglobal reads.
 */
export interface EntryDocument {
  context: string;
  kind: string;
  name: string;
  yaml: string;
}
/**
 * A Service, or the Namespace that it is in, in one cluster; `yaml` as for an entry.
 */
export interface ObjectDocument {
  context: string;
  kind: string;
  name: string;
  labels: {
    [k: string]: string;
  };
  annotations: {
    [k: string]: string;
  };
  yaml: string;
}
/**
 * A field of a route, rule or policy that names a host of the service; `text` is what stands there.
 */
export interface Reference {
  context: string;
  kind: string;
  namespace: string | null;
  name: string;
  field: string;
  text: string;
}
/**
 * `event: services`: the rows that are new or changed, and the names (`namespace/name`) of those that are gone.
 *
 * `clusters` is null where nothing changed in them; `summary` and `exit_code` are those of the whole inventory.
 */
export interface ServicesNews {
  version: number;
  services: GlobalService[];
  removed: string[];
  summary: Summary1;
  clusters: ClusterReport[] | null;
  exitCode: number;
}
