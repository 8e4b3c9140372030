/** The text of an explanation: paragraphs, with `names` and *stress* in them. Nothing else of Markdown occurs there. */

export type SpanKind = "plain" | "code" | "stress";

export interface Span {
  kind: SpanKind;
  text: string;
}

const MARKED = /`([^`]+)`|\*([^\s*][^*]*)\*/g;

/** Paragraphs, each in parts; lines within one belong together. */
export function paragraphsOf(text: string): Span[][] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s*\n\s*/g, " "))
    .filter(Boolean)
    .map(spansOf);
}

/** One paragraph in parts. */
export function spansOf(paragraph: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const found of paragraph.matchAll(MARKED)) {
    if (found.index > end) {
      spans.push({ kind: "plain", text: paragraph.slice(end, found.index) });
    }
    const [all, code, stress = ""] = found;
    spans.push(code === undefined ? { kind: "stress", text: stress } : { kind: "code", text: code });
    end = found.index + all.length;
  }
  if (end < paragraph.length) {
    spans.push({ kind: "plain", text: paragraph.slice(end) });
  }
  return spans;
}
