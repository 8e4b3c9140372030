/** The questions to the server, answered from memory: for pages that ask for more than the stream tells. */
import { type Api, ApiError, type Versioned } from "../api/client";
import type { ServiceDetail } from "../api/dashboard";
import type { Diagnosis, Finding, PlanShown, Report } from "../api/types";
import { connect } from "../store";
import { NO_COUNTS, service } from "./samples";

/** Documents by name, as `service bookinfo/details` and `explanation MG107`; others are not found. */
export class Answers {
  readonly documents = new Map<string, unknown>();
  readonly asked: string[] = [];
  /** What came with the questions that have a body. */
  readonly sent: unknown[] = [];
  /** What is said instead of any answer. */
  problem: ApiError | null = null;

  /** Let the page ask here. */
  connect(): this {
    connect(this.#api(), () => undefined);
    return this;
  }

  #api(): Api {
    return {
      about: () => this.#answer("about"),
      services: () => this.#answer("services"),
      service: (namespace, name) => this.#answer(`service ${namespace}/${name}`),
      clusters: () => this.#answer("clusters"),
      findings: () => this.#answer("findings"),
      explanation: (code) => this.#answer(`explanation ${code}`),
      plan: async (asked) => (await this.#answer<PlanShown>(`plan ${asked.action}`, asked)).body,
      apply: async (id, typed) => (await this.#answer<Report>(`apply ${id}`, typed)).body,
      journal: () => this.#answer("journal"),
    };
  }

  async #answer<T>(name: string, body?: unknown): Promise<Versioned<T>> {
    this.asked.push(name);
    if (body !== undefined) this.sent.push(body);
    if (this.problem !== null) throw this.problem;
    if (!this.documents.has(name)) throw new ApiError(404, `there is no ${name}`);
    return { version: 1, body: this.documents.get(name) as T };
  }
}

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    code: "MG107",
    slug: "takeover-prefers-network",
    level: "warning",
    message: "takeover with PreferNetwork",
    remedy: "meshglobal expose svc details -n bookinfo --context cluster1 --overwrite",
    context: "cluster1",
    namespace: "bookinfo",
    service: "details",
    evidence: [],
    rule: "R27",
    ...over,
  };
}

export function diagnosis(over: Partial<Diagnosis> = {}): Diagnosis {
  return {
    apiVersion: "meshglobal.dev/v1",
    kind: "Diagnosis",
    command: "diagnose",
    exitCode: 0,
    failOn: "error",
    error: null,
    namespace: "bookinfo",
    service: "details",
    hosts: ["details.bookinfo.mesh.internal"],
    clusters: [],
    chains: [],
    cause: null,
    doubt: null,
    findings: [],
    waived: [],
    summary: NO_COUNTS,
    ...over,
  };
}

export function detail(over: Partial<ServiceDetail> = {}): ServiceDetail {
  return {
    apiVersion: "meshglobal.dev/v1",
    kind: "ServiceDetail",
    service: service("details"),
    diagnosis: diagnosis(),
    entries: [],
    objects: [],
    references: [],
    history: [],
    isComplete: true,
    ...over,
  };
}
