/** A button that begins a change. It is there only where the program was told that pages may write. */
import { store } from "../store";
import { open } from "./flow";
import { NOTHING } from "./wish";

interface ActionsProps {
  /** Of the service; without a name the form asks for it. */
  namespace?: string;
  name?: string;
  label?: string;
}

export function Actions({ namespace = "", name = "", label = "Change…" }: ActionsProps) {
  const about = store.about.value;
  if (about?.writes !== true) return null;
  const isFixed = name !== "";
  const place = namespace || (about.namespace ?? "");
  return (
    <button type="button" class="change" onClick={() => open({ ...NOTHING, namespace: place, name, isFixed })}>
      {label}
      {isFixed ? <span class="unseen"> {`${namespace}/${name}`}</span> : null}
    </button>
  );
}
