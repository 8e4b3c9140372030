/** What shall be changed, and where. */
import type { ComponentChildren } from "preact";
import { close, plan, type Step } from "./flow";
import { Options } from "./Options";
import { Said } from "./Said";
import { type Action, type Place, problemOf, questionOf, type Wish } from "./wish";

interface FormProps {
  wish: Wish;
  places: readonly Place[];
  onWish: (wish: Wish) => void;
  now: Extract<Step, { name: "choose" | "planning" }>;
}

const ACTIONS: readonly (readonly [Action, string, string])[] = [
  ["expose", "Expose", "other clusters can reach it"],
  ["unexpose", "Take back", "only its own cluster reaches it"],
  ["set", "Takeover and traffic", "of what is exposed"],
];

export function WishForm({ wish, places, onWish, now }: FormProps) {
  const isPlanning = now.name === "planning";
  const problem = problemOf(wish);
  const set = (patch: Partial<Wish>): void => onWish({ ...wish, ...patch });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null && !isPlanning) void plan(questionOf(wish));
      }}
    >
      <Said refusal={now.name === "choose" ? now.refusal : null} />
      {wish.isFixed ? null : <SubjectFields wish={wish} set={set} />}
      <Group label="Do what">
        {ACTIONS.map(([action, word, meaning]) => (
          <label key={action} class="option">
            <input type="radio" name="action" checked={wish.action === action} onChange={() => set({ action })} />
            <span>
              {word} <span class="muted">{meaning}</span>
            </span>
          </label>
        ))}
      </Group>
      <Options wish={wish} set={set} />
      <Clusters wish={wish} places={places} set={set} />
      <footer>
        <p class="muted" role="status">
          {isPlanning ? "Reading the clusters, and asking them whether they would take it …" : (problem ?? "")}
        </p>
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class="main" aria-disabled={problem !== null || isPlanning}>
          Show the plan
        </button>
      </footer>
    </form>
  );
}

type Set = (patch: Partial<Wish>) => void;

function Group({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <fieldset class="group">
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}

function SubjectFields({ wish, set }: { wish: Wish; set: Set }) {
  return (
    <Group label="What">
      <label class="option">
        <input type="radio" name="kind" checked={wish.kind === "svc"} onChange={() => set({ kind: "svc" })} />
        <span>Service</span>
      </label>
      <label class="option">
        <input type="radio" name="kind" checked={wish.kind === "ns"} onChange={() => set({ kind: "ns" })} />
        <span>
          Namespace <span class="muted">with all its services</span>
        </span>
      </label>
      {wish.kind === "svc" ? (
        <TextField label="Namespace" value={wish.namespace} onText={(namespace) => set({ namespace })} />
      ) : null}
      <TextField
        label={wish.kind === "svc" ? "Service" : "Name of the namespace"}
        value={wish.name}
        onText={(name) => set({ name })}
      />
    </Group>
  );
}

function TextField({ label, value, onText }: { label: string; value: string; onText: (text: string) => void }) {
  return (
    <label class="text">
      {label}
      <input
        type="text"
        value={value}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </label>
  );
}

function Clusters({ wish, places, set }: { wish: Wish; places: readonly Place[]; set: Set }) {
  const toggle = (context: string): void =>
    set({
      contexts: places
        .map((place) => place.context)
        .filter((one) => (one === context ? !wish.contexts.includes(one) : wish.contexts.includes(one))),
    });
  return (
    <Group label="In which clusters">
      <div class="clusters-chosen">
        {places.map(({ context, isLost, isProtected }) => (
          <label key={context} class="option">
            <input type="checkbox" checked={wish.contexts.includes(context)} onChange={() => toggle(context)} />
            <span>
              <bdi>{context}</bdi>
              {isProtected ? <span class="muted"> protected</span> : null}
              {isLost ? <span class="muted"> cannot be read now</span> : null}
            </span>
          </label>
        ))}
      </div>
    </Group>
  );
}
