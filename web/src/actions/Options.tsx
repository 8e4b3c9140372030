/** How: the options of the chosen action, as those of the commands. */
import { MODES, type Takeover, UNSET, type Wish } from "./wish";

interface OptionsProps {
  wish: Wish;
  set: (patch: Partial<Wish>) => void;
}

export function Options({ wish, set }: OptionsProps) {
  return (
    <fieldset class="group">
      <legend>How</legend>
      {wish.action === "unexpose" ? <TakingBack wish={wish} set={set} /> : <Setting wish={wish} set={set} />}
    </fieldset>
  );
}

function Setting({ wish, set }: OptionsProps) {
  return (
    <>
      {wish.action === "expose" ? (
        <Choice
          label="Scope"
          value={wish.scope}
          options={[
            ["global", "global: for all segments"],
            ["segment", "segment: for its own segment"],
          ]}
          onValue={(scope) => set({ scope: scope as Wish["scope"] })}
        />
      ) : null}
      <Choice
        label="Takeover of the cluster-local name"
        value={wish.takeover}
        options={[
          ["leave", "leave as it is"],
          ["on", "on: the local name answers globally"],
          ["off", "off"],
        ]}
        onValue={(takeover) => set({ takeover: takeover as Takeover })}
      />
      {wish.kind === "svc" ? (
        <Choice
          label="Traffic distribution"
          value={wish.distribution}
          options={[
            ["", "leave as it is"],
            ...MODES.map((mode) => [mode, mode] as const),
            ...(wish.action === "set" ? [[UNSET, "take the setting away"] as const] : []),
          ]}
          onValue={(distribution) => set({ distribution })}
        />
      ) : null}
      <Tick
        label="Replace other values that stand there"
        option="--overwrite"
        isOn={wish.overwrite}
        onSet={(overwrite) => set({ overwrite })}
      />
    </>
  );
}

function TakingBack({ wish, set }: OptionsProps) {
  return (
    <>
      <Tick
        label="Keep it out though its namespace is global"
        option="--opt-out"
        isOn={wish.optOut}
        onSet={(optOut) => set({ optOut })}
      />
      <Tick
        label="Take its traffic distribution away, too"
        option="--purge"
        isOn={wish.purge}
        onSet={(purge) => set({ purge })}
      />
    </>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onValue: (value: string) => void;
}

function Choice({ label, value, options, onValue }: ChoiceProps) {
  return (
    <label class="text">
      {label}
      <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map(([key, word]) => (
          <option key={key} value={key}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TickProps {
  label: string;
  option: string;
  isOn: boolean;
  onSet: (isOn: boolean) => void;
}

function Tick({ label, option, isOn, onSet }: TickProps) {
  return (
    <label class="option">
      <input type="checkbox" checked={isOn} onChange={(event) => onSet(event.currentTarget.checked)} />
      <span>
        {label} <code class="muted">{option}</code>
      </span>
    </label>
  );
}
