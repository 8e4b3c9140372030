/** YAML for the eye: each line in parts that can be coloured. It is shown, never read as data. */

export type PartKind = "key" | "value" | "comment" | "plain";

export interface Part {
  kind: PartKind;
  text: string;
}

const KEYED = /^(\s*(?:- )*)("[^"]*"|'[^']*'|[^\s#'"[\]{}][^#:]*):(\s.*|)$/;
const COMMENT = /^\s*#/;

/** The lines of a document. The texts of a line's parts, put together, are the line. */
export function linesOf(yaml: string): Part[][] {
  const lines = yaml.endsWith("\n") ? yaml.slice(0, -1).split("\n") : yaml.split("\n");
  let block = -1;
  return lines.map((line) => {
    const indent = line.search(/\S/);
    if (block >= 0 && (indent < 0 || indent > block)) {
      return [{ kind: "value", text: line }];
    }
    const parts = partsOf(line);
    block = /:\s+[|>][+-]?\d*$/.test(line) ? indent : -1;
    return parts;
  });
}

function partsOf(line: string): Part[] {
  if (COMMENT.test(line)) {
    return [{ kind: "comment", text: line }];
  }
  const found = KEYED.exec(line);
  if (!found) {
    return [{ kind: "plain", text: line }];
  }
  const [, lead = "", key = "", rest = ""] = found;
  const parts: Part[] = [
    { kind: "plain", text: lead },
    { kind: "key", text: key },
    { kind: "plain", text: ":" },
    { kind: "value", text: rest },
  ];
  return parts.filter((part) => part.text !== "");
}
