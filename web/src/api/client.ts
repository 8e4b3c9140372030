/** Questions to the server that serves this page, and to no other. */
import type { About, Explanation, Findings, ServiceDetail } from "./dashboard";
import type { FleetCheck, Inventory, JournalShown, PlanAsked, PlanShown, Report } from "./types";

const ROOT = "/api/v1";
const PATIENCE = 30_000;
/** Clusters are read, or written and waited for, as long as the program allows them. */
const WRITING = 300_000;

/** An answer that is not what was asked for. `status` 0: there was no answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly hint: string;
  /** What came with it. */
  readonly body: unknown;

  constructor(status: number, message: string, hint = "", body: unknown = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.hint = hint;
    this.body = body;
  }
}

/** A document, and the version of the look that it belongs to (0 where the server says none). */
export interface Versioned<T> {
  version: number;
  body: T;
}

export interface Api {
  about(signal?: AbortSignal): Promise<Versioned<About>>;
  services(signal?: AbortSignal): Promise<Versioned<Inventory>>;
  service(namespace: string, name: string, signal?: AbortSignal): Promise<Versioned<ServiceDetail>>;
  clusters(signal?: AbortSignal): Promise<Versioned<FleetCheck>>;
  findings(signal?: AbortSignal): Promise<Versioned<Findings>>;
  explanation(code: string, signal?: AbortSignal): Promise<Versioned<Explanation>>;
  /** What would be changed; nothing is. Only where the program allows writing, as the two after it. */
  plan(asked: PlanAsked, signal?: AbortSignal): Promise<PlanShown>;
  /** Carry a plan out; `typed`: the names of protected clusters. */
  apply(id: string, typed: readonly string[]): Promise<Report>;
  journal(signal?: AbortSignal): Promise<Versioned<JournalShown>>;
}

/** The questions with one token. `onRefused` is told when it is no good (any more); `origin`: for tests. */
export function apiWith(token: string, onRefused: () => void, origin = ""): Api {
  async function ask(path: string, patience: number, order: RequestInit, signal?: AbortSignal): Promise<Response> {
    const ended = AbortSignal.timeout(patience);
    const answer = await answered(`${origin}${ROOT}${path}`, {
      ...order,
      headers: { ...order.headers, Authorization: `Bearer ${token}` },
      signal: signal ? AbortSignal.any([signal, ended]) : ended,
    });
    if (answer.status === 401) onRefused();
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }
  async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    const headers = { "Content-Type": "application/json" };
    const answer = await ask(path, WRITING, { method: "POST", headers, body: JSON.stringify(body) }, signal);
    return (await answer.json()) as T;
  }
  async function get<T>(path: string, signal?: AbortSignal): Promise<Versioned<T>> {
    const answer = await ask(path, PATIENCE, {}, signal);
    return { version: Number(answer.headers.get("Meshglobal-Version") ?? 0), body: (await answer.json()) as T };
  }
  return {
    about: (signal) => get("/about", signal),
    services: (signal) => get("/services", signal),
    service: (namespace, name, signal) =>
      get(`/services/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`, signal),
    clusters: (signal) => get("/clusters", signal),
    findings: (signal) => get("/findings", signal),
    explanation: (code, signal) => get(`/explanations/${encodeURIComponent(code)}`, signal),
    plan: (asked, signal) => post("/plans", asked, signal),
    apply: (id, typed) => post(`/plans/${encodeURIComponent(id)}/apply`, { typed }),
    journal: (signal) => get("/journal", signal),
  };
}

async function answered(path: string, order: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...order, cache: "no-store", credentials: "omit", redirect: "error" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "the program behind this page does not answer", "is `meshglobal dashboard` still running?");
  }
}

async function problemOf(answer: Response): Promise<ApiError> {
  const said: unknown = await answer.json().catch(() => null);
  const error = (said as { error?: { message?: string; hint?: string } } | null)?.error;
  const message = error?.message ?? `the program answered ${answer.status}`;
  return new ApiError(answer.status, message, error?.hint ?? "", said);
}
