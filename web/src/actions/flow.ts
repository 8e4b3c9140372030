/** A change from the wish to its end: which step it is at, and what leads to the next. */
import { type Signal, signal } from "@preact/signals";
import { announce } from "../announce";
import { ApiError } from "../api/client";
import type { NotWritten, PlanAsked, PlanShown, Report } from "../api/types";
import { api } from "../store";
import { verdictOf } from "./outcome";
import type { Subject } from "./wish";

/** The program said no. */
export interface Refusal {
  status: number;
  message: string;
  hint: string;
}

export type Step =
  | { name: "choose"; refusal: Refusal | null }
  | { name: "planning" }
  | { name: "plan"; plan: PlanShown; refusal: Refusal | null }
  | { name: "applying"; plan: PlanShown }
  | { name: "done"; plan: PlanShown; report: Report; refusal: Refusal | null };

/** What is about to be changed; null: nothing, and the dialog is closed. */
export const subject: Signal<Subject | null> = signal(null);
export const step: Signal<Step> = signal({ name: "choose", refusal: null });

let run = new AbortController();

export function open(about: Subject): void {
  run = new AbortController();
  step.value = { name: "choose", refusal: null };
  subject.value = about;
}

/** Close it; a plan that is being made is given up. What is being written goes on, and the journal says how it ends. */
export function close(): void {
  run.abort();
  subject.value = null;
}

/** Back to the form. */
export function back(): void {
  run.abort();
  run = new AbortController();
  step.value = { name: "choose", refusal: null };
}

export async function plan(asked: PlanAsked): Promise<void> {
  const server = api();
  const { signal: ended } = run;
  if (server === null) return;
  step.value = { name: "planning" };
  try {
    const made = await server.plan(asked, ended);
    if (ended.aborted) return;
    step.value = { name: "plan", plan: made, refusal: null };
    announce(`The plan: ${made.extent}`);
  } catch (error) {
    if (ended.aborted) return;
    step.value = { name: "choose", refusal: refusalOf(error) };
  }
}

export async function apply(agreed: PlanShown, typed: readonly string[]): Promise<void> {
  const server = api();
  const { signal: ended } = run;
  if (server === null) return;
  step.value = { name: "applying", plan: agreed };
  try {
    finish(ended, agreed, await server.apply(agreed.id, typed), null);
  } catch (error) {
    if (ended.aborted) return;
    const refusal = refusalOf(error);
    const report = reportIn(error);
    if (report !== null) finish(ended, agreed, report, refusal);
    // Without an answer nobody knows whether it was written: the plan must not look as if it could be agreed to again.
    else if (refusal.status === 0) step.value = { name: "choose", refusal: unknownEnd() };
    else step.value = { name: "plan", plan: agreed, refusal };
  }
}

function finish(ended: AbortSignal, agreed: PlanShown, report: Report, refusal: Refusal | null): void {
  announce(refusal?.message ?? verdictOf(report).title);
  if (!ended.aborted) step.value = { name: "done", plan: agreed, report, refusal };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ApiError) return { status: error.status, message: error.message, hint: error.hint };
  return { status: 0, message: String(error), hint: "" };
}

function unknownEnd(): Refusal {
  return {
    status: 0,
    message: "no answer came: whether it was written is not known",
    hint: "look at the changes, and at the service's labels, before you try again",
  };
}

function reportIn(error: unknown): Report | null {
  const body = error instanceof ApiError ? (error.body as Partial<NotWritten> | null) : null;
  return body?.report ?? null;
}
