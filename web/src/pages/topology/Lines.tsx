/** The lines of the graph. They say nothing that the labels and the table do not say as well. */
import { memo } from "preact/compat";
import { lookOf } from "../../parts/states";
import type { PlacedEdge } from "./layout";

/** All lines; only what is not Ready gets a glyph, so that it stands out. Drawn anew only when the graph changes. */
export const Lines = memo(function Lines({ edges }: { edges: readonly PlacedEdge[] }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of SVG has no focus
    <g class="topology-lines" aria-hidden="true">
      <Paths edges={edges} />
      <Marks edges={edges.filter(({ edge }) => edge.state !== "Ready")} />
    </g>
  );
});

/** The lines of one node once more, above all others and with all their glyphs. */
export function ActiveLines({ edges }: { edges: readonly PlacedEdge[] }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of SVG has no focus
    <g class="topology-active" aria-hidden="true">
      <Paths edges={edges} />
      <Marks edges={edges} />
    </g>
  );
}

function Paths({ edges }: { edges: readonly PlacedEdge[] }) {
  return (
    <>
      {edges.map(({ edge, path }) => (
        <path
          key={`${edge.service} ${edge.context}`}
          class={`topology-line tone-${lookOf(edge.state).tone} weight-${edge.weight}`}
          d={path}
        />
      ))}
    </>
  );
}

/** A filled mark: the cluster serves the host itself. */
function Marks({ edges }: { edges: readonly PlacedEdge[] }) {
  return (
    <>
      {edges.map(({ edge, x, y }) => (
        <g
          key={`${edge.service} ${edge.context}`}
          class={`topology-mark tone-${lookOf(edge.state).tone} ${edge.isPublished ? "is-served" : ""}`}
        >
          <circle cx={x} cy={y} r="8" />
          <text x={x} y={y} dy="0.35em">
            {lookOf(edge.state).glyph}
          </text>
        </g>
      ))}
    </>
  );
}
