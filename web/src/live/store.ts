/** What the page knows, as signals: whoever reads one is drawn again when it changes, and nobody else. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { About, Change, Events, Findings } from "../api/dashboard";
import type { FleetCheck, GlobalService, Inventory } from "../api/types";
import { type Coverage, coverageOf } from "./coverage";
import { NO_SUMMARY, type Rows, rowsOf, type Versioned, withChange, withCheck, withFindings, withNews } from "./model";

/** `live`: what is shown is so now. In every other state it is what was so at `since`. */
export type Connection =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "reconnecting"; since: number; reason: string; retryAt: number }
  | { state: "ended"; since: number; message: string }
  | { state: "refused" };

export class Store {
  readonly #rows = signal<Rows | null>(null);
  readonly #check = signal<Versioned<FleetCheck> | null>(null);
  readonly #findings = signal<Versioned<Findings> | null>(null);
  readonly #about = signal<About | null>(null);
  readonly #history = signal<readonly Change[]>([]);
  readonly #connection = signal<Connection>({ state: "connecting" });

  /** Null: not known yet, which is not the same as empty. */
  readonly rows: ReadonlySignal<Rows | null> = this.#rows;
  readonly services: ReadonlySignal<ReadonlyMap<string, GlobalService> | null> = computed(
    () => this.#rows.value?.services ?? null,
  );
  readonly clusters = computed(() => this.#rows.value?.clusters ?? []);
  readonly summary = computed(() => this.#rows.value?.summary ?? NO_SUMMARY);
  readonly coverage: ReadonlySignal<Coverage> = computed(() => coverageOf(this.clusters.value));
  readonly check: ReadonlySignal<FleetCheck | null> = computed(() => this.#check.value?.body ?? null);
  readonly findings: ReadonlySignal<Findings | null> = computed(() => this.#findings.value?.body ?? null);
  readonly about: ReadonlySignal<About | null> = this.#about;
  /** What changed since the page was opened, newest first, bounded. */
  readonly history: ReadonlySignal<readonly Change[]> = this.#history;
  readonly connection: ReadonlySignal<Connection> = this.#connection;
  /** Whether what is shown may be called so: false while nobody would tell us of a change. */
  readonly isLive = computed(() => this.#connection.value.state === "live");
  /** The segment of each cluster, by context; a cluster that was not read has none here. */
  readonly segments: ReadonlySignal<ReadonlyMap<string, string>> = computed(
    () =>
      new Map((this.check.value?.members ?? []).flatMap((one) => (one.segment ? [[one.context, one.segment]] : []))),
  );

  setAbout(about: About): void {
    this.#about.value = about;
  }

  setServices(inventory: Inventory, version: number): void {
    this.#rows.value = rowsOf(inventory, version, this.#rows.value);
  }

  setCheck(check: FleetCheck, version: number): void {
    this.#check.value = { version, body: check };
  }

  setFindings(findings: Findings, version: number): void {
    this.#findings.value = { version, body: findings };
  }

  patchServices(news: Events["services"]): void {
    if (this.#rows.value !== null) this.#rows.value = withNews(this.#rows.value, news);
  }

  patchCheck(news: Events["check"]): void {
    if (this.#check.value !== null) this.#check.value = withCheck(this.#check.value, news);
  }

  patchFindings(news: Events["findings"]): void {
    if (this.#findings.value !== null) this.#findings.value = withFindings(this.#findings.value, news);
  }

  note(change: Change): void {
    this.#history.value = withChange(this.#history.value, change);
  }

  live(): void {
    this.#connection.value = { state: "live" };
  }

  /** The way to the program is gone. The time of the first loss in a row is kept: so old is what is shown. */
  lose(reason: string, retryAt: number): void {
    const was = this.#connection.value;
    if (was.state === "ended" || was.state === "refused") return;
    const since = was.state === "reconnecting" ? was.since : Date.now();
    this.#connection.value = { state: "reconnecting", since, reason, retryAt };
  }

  end(message: string): void {
    this.#connection.value = { state: "ended", since: Date.now(), message };
  }

  /** The token is no good: nothing of what it showed stays on the screen. */
  refuse(): void {
    batch(() => {
      this.#connection.value = { state: "refused" };
      this.#rows.value = null;
      this.#check.value = null;
      this.#findings.value = null;
      this.#about.value = null;
      this.#history.value = [];
    });
  }
}
