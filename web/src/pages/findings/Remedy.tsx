/** What mends something: a command to copy, or a sentence. */
import { Command } from "../../parts/Copy";

const COMMAND = /^(meshglobal|kubectl|istioctl) /;

export function Remedy({ text, of }: { text: string; of: string }) {
  if (text === "") return null;
  if (!COMMAND.test(text)) return <p class="remedy">Next: {text}</p>;
  return (
    <div class="remedy">
      <Command text={text} what={`the command for ${of}`} />
    </div>
  );
}
