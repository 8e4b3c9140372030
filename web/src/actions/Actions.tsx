/** A button that begins a change. It is there only where the program was told that pages may write. */
import { store } from "../store";
import { open } from "./flow";
import { NOTHING } from "./wish";

interface ActionsProps {
  /** Of the service; without a name the form asks for it. */
  namespace?: string;
  name?: string;
  label?: string;
  /** A glyph alone, for where there is no room. */
  isSmall?: boolean;
}

export function Actions({ namespace = "", name = "", label = "Change…", isSmall = false }: ActionsProps) {
  const about = store.about.value;
  if (about?.writes !== true) return null;
  const isFixed = name !== "";
  const place = namespace || (about.namespace ?? "");
  const begin = (): void => open({ ...NOTHING, namespace: place, name, isFixed });
  const subject = isFixed ? <span class="unseen"> {`${namespace}/${name}`}</span> : null;
  if (!isSmall)
    return (
      <button type="button" onClick={begin}>
        {label}
        {subject}
      </button>
    );
  return (
    <button type="button" class="small-change" title={label} onClick={begin}>
      <span aria-hidden="true">✎</span>
      <span class="unseen">{label}</span>
      {subject}
    </button>
  );
}
