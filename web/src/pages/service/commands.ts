/** The commands that a page offers to copy, quoted for a POSIX shell. */

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A command line that a shell splits into exactly these words. */
export function commandLine(...words: string[]): string {
  return words.map(quoted).join(" ");
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export interface Offer {
  /** What it is good for. */
  purpose: string;
  command: string;
}

/** What one would run next for a service; none of them writes without asking. */
export function offers(namespace: string, name: string, publishers: readonly string[]): Offer[] {
  const target = ["svc", name, "-n", namespace];
  const why = { purpose: "See why, in the terminal", command: commandLine("meshglobal", "diagnose", ...target) };
  if (publishers.length === 0) {
    const command = commandLine("meshglobal", "expose", ...target, "--diff");
    return [why, { purpose: "Make it global: shows what would change, and asks", command }];
  }
  const found = [
    why,
    { purpose: "Call it from a pod of each cluster", command: commandLine("meshglobal", "call", ...target) },
    { purpose: "Wait until it is well everywhere", command: commandLine("meshglobal", "verify", ...target, "--wait") },
    { purpose: "Print a route for its host", command: commandLine("meshglobal", "route", ...target) },
  ];
  const [first] = publishers;
  if (first !== undefined && publishers.length > 1) {
    const drill = commandLine("meshglobal", "drill", "failover", ...target, "--cluster", first, "--dry-run");
    found.push({ purpose: `Predict what happens when ${first} loses its copy`, command: drill });
  }
  return found;
}
