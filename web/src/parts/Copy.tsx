/** A button that copies a text, and says so. */
import { useEffect, useState } from "preact/hooks";
import { announce } from "../announce";

const SHOWN = 2_000;

export function Copy({ text, what }: { text: string; what: string }) {
  const [done, setDone] = useState<"" | "Copied" | "Not copied">("");
  useEffect(() => {
    if (done === "") return;
    const timer = setTimeout(() => setDone(""), SHOWN);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async (): Promise<void> => {
    const outcome = (await copied(text)) ? "Copied" : "Not copied";
    setDone(outcome);
    announce(outcome === "Copied" ? `Copied: ${what}` : "The browser did not allow copying; mark the text and copy it");
  };
  return (
    <button type="button" class="copy" onClick={() => void copy()} title={`Copy ${what}`}>
      <span aria-hidden="true">{done === "Copied" ? "✓ " : ""}</span>
      {done === "" ? "Copy" : done}
      <span class="unseen"> {what}</span>
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no clipboard without HTTPS beyond loopback, or not allowed
  }
}

/** A command on a line of its own, to be copied. */
export function Command({ text, what = "the command" }: { text: string; what?: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <Copy text={text} what={what} />
    </div>
  );
}
