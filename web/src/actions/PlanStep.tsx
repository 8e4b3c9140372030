/** The plan: blast radius, diff, findings, the command; and the agreement to it. */
import { useState } from "preact/hooks";
import type { Finding, PlanShown } from "../api/types";
import { Command } from "../parts/Copy";
import { apply, back, close, type Refusal } from "./flow";
import { changesAnything, isRefused } from "./outcome";
import { Said } from "./Said";
import { Writes } from "./Writes";

interface PlanProps {
  plan: PlanShown;
  refusal: Refusal | null;
  isBusy: boolean;
}

export function PlanStep({ plan, refusal, isBusy }: PlanProps) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const isOff = isRefused(plan.report) || !changesAnything(plan.report);
  const isTyped = plan.needsNames.every((name) => typed[name] === name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // What stands in the fields counts: whoever types fast presses Enter before the page is drawn again.
        const given = new FormData(event.currentTarget);
        const isAgreed = plan.needsNames.every((name) => given.get(name) === name);
        if (!isOff && isAgreed && !isBusy) void apply(plan, plan.needsNames);
      }}
    >
      <Said refusal={refusal} />
      <p>{summaryOf(plan)}</p>
      <Lines title="What it means for the mesh" lines={plan.blast} none="Nothing but these labels changes." />
      {plan.leftOut.length === 0 ? null : (
        <p class="failure">
          <span aria-hidden="true">? </span>
          Nothing is written in {plan.leftOut.join(", ")}: it could not be read.
        </p>
      )}
      <h3>In each cluster</h3>
      <Writes writes={plan.report.writes} />
      <Found findings={plan.findings} />
      <Lines title="Remarks" lines={plan.report.notes.map((note) => noteText(note))} none="" />
      <h3>The same in a shell</h3>
      {plan.command === "" ? <p class="muted">Nothing.</p> : <Command text={plan.command} />}
      {isOff ? null : <Names plan={plan} typed={typed} onTyped={setTyped} isBusy={isBusy} />}
      <footer>
        <p class="muted" role="status">
          {isBusy ? "Writing, then waiting for the generated entries …" : ""}
        </p>
        <button type="button" onClick={isBusy ? close : back}>
          {isBusy ? "Do not wait" : "Back"}
        </button>
        {isOff ? null : (
          <button type="submit" class="main" aria-disabled={isBusy || !isTyped}>
            {agreement(plan)}
          </button>
        )}
      </footer>
    </form>
  );
}

function summaryOf(plan: PlanShown): string {
  if (isRefused(plan.report)) return "A server would refuse this, so nothing of it is written:";
  if (!changesAnything(plan.report)) return "Nothing has to be changed: it is so already.";
  return "Nothing has been written yet. The servers were asked, and would take it.";
}

/** `change 2 objects in 2 clusters` as a button. */
function agreement(plan: PlanShown): string {
  return plan.extent.charAt(0).toUpperCase() + plan.extent.slice(1);
}

function noteText(note: { message: string; context: string | null; service: string | null; rule: string }): string {
  const where = [note.context, note.service].filter((one) => one !== null).join(": ");
  return `${where === "" ? "" : `${where} `}${note.message}${note.rule === "" ? "" : ` (${note.rule})`}`;
}

function Lines({ title, lines, none }: { title: string; lines: readonly string[]; none: string }) {
  if (lines.length === 0 && none === "") return null;
  return (
    <>
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <p class="muted">{none}</p>
      ) : (
        <ul class="lines">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Found({ findings }: { findings: readonly Finding[] }) {
  const lines = findings.map((one) => `${one.code} ${one.level}: ${one.context ?? "mesh"}: ${one.message}`);
  return <Lines title="What would be found afterwards" lines={lines} none="No finding." />;
}

interface NamesProps {
  plan: PlanShown;
  typed: Readonly<Record<string, string>>;
  onTyped: (typed: Readonly<Record<string, string>>) => void;
  isBusy: boolean;
}

/** Of protected clusters the names are typed, so that nobody changes one by habit. */
function Names({ plan, typed, onTyped, isBusy }: NamesProps) {
  if (plan.needsNames.length === 0) return null;
  return (
    <fieldset class="group">
      <legend>Protected clusters</legend>
      {plan.needsNames.map((name) => (
        <label key={name} class="text">
          <span>
            Type <code>{name}</code> to agree
          </span>
          <input
            type="text"
            name={name}
            value={typed[name] ?? ""}
            readOnly={isBusy}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => onTyped({ ...typed, [name]: event.currentTarget.value })}
          />
        </label>
      ))}
    </fieldset>
  );
}
