/** Questions to the server that serves this page, and to no other. */
import type { About, Explanation, Findings, ServiceDetail } from "./dashboard";
import type { FleetCheck, Inventory } from "./types";

const ROOT = "/api/v1";
const PATIENCE = 30_000;

/** An answer that is not what was asked for. `status` 0: there was no answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly hint: string;

  constructor(status: number, message: string, hint = "") {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.hint = hint;
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
}

/** The questions with one token. `onRefused` is told when it is no good (any more); `origin`: for tests. */
export function apiWith(token: string, onRefused: () => void, origin = ""): Api {
  async function get<T>(path: string, signal?: AbortSignal): Promise<Versioned<T>> {
    const patience = AbortSignal.timeout(PATIENCE);
    const answer = await answered(`${origin}${ROOT}${path}`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    if (answer.status === 401) onRefused();
    if (!answer.ok) throw await problemOf(answer);
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
  return new ApiError(answer.status, error?.message ?? `the program answered ${answer.status}`, error?.hint ?? "");
}
