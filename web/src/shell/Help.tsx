/** What keys do. */
import { useEffect, useRef } from "preact/hooks";
import { isHelpOpen } from "../keys";
import { State } from "../parts/State";
import { WORST_FIRST } from "../parts/states";
import "./help.css";
import { goals } from "./navigation";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "search"],
  ["j, ↓", "next row"],
  ["k, ↑", "row before"],
  ["Enter", "open the row"],
  ["Esc", "back; out of a field"],
  ["?", "this help"],
];

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const close = (): void => {
    isHelpOpen.value = false;
  };
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      {isOpen ? (
        <>
          <h2 id="help-title">Keys and marks</h2>
          <dl>
            {[...KEYS, ...goals().map(({ key, label }) => [`g ${key}`, label.toLowerCase()] as const)].map(
              ([key, text]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{text}</dd>
                </div>
              ),
            )}
          </dl>
          <p class="marks">
            {WORST_FIRST.map((state) => (
              <State key={state} state={state} />
            ))}
          </p>
          <button type="button" onClick={close}>
            Close
          </button>
        </>
      ) : null}
    </dialog>
  );
}
