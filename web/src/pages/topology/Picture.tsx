/** The graph as a picture. Its nodes are links, so that keys reach them: a service's page, or a cluster's view. */
import { useMemo, useState } from "preact/hooks";
import type { State } from "../../api/types";
import { lookOf } from "../../parts/states";
import { useSteps } from "../../parts/useSteps";
import { hrefOf, navigate } from "../../router";
import { type ClusterNode, DENSE, type Edge, type Graph, type ServiceNode } from "./graph";
import { ActiveLines, Lines } from "./Lines";
import { fitted, layoutOf, type Placed, type PlacedEdge, placeOf } from "./layout";

/** The node that is pointed at, or has the focus. */
export type Active = { kind: "service" | "cluster"; id: string } | null;

interface PictureProps {
  graph: Graph;
  width: number;
  /** What is said of each node, by its kind and id. */
  words: (active: NonNullable<Active>) => string;
  /** The address of the view from a cluster, or back from it. */
  viewFrom: (context: string) => string;
  from: string;
}

export function Picture({ graph, width, words, viewFrom, from }: PictureProps) {
  const [active, setActive] = useState<Active>(null);
  useSteps(".topology-node");
  const layout = useMemo(() => layoutOf(graph, width), [graph, width]);
  const lit = active ? layout.edges.filter(({ edge }) => touches(edge, active)) : [];
  const hints = { active, lit, words, onActive: setActive };
  return (
    <>
      <p class="topology-said" aria-hidden="true">
        {active ? words(active) : "Point at a service or a cluster to see its lines."}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keys */}
      <section class="topology-scroll" aria-label="Graph of services and clusters" tabIndex={0}>
        {/* biome-ignore lint/a11y/useSemanticElements: a picture is no fieldset */}
        <svg
          class={`topology${active ? " has-active" : ""}${graph.edges.length > DENSE ? " is-dense" : ""}`}
          width={layout.width}
          height={layout.height}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          role="group"
          aria-label={`${graph.services.length} services, and the clusters that have them`}
        >
          <Lines edges={layout.edges} />
          <ActiveLines edges={lit} />
          {layout.titles.map(({ title, x, y }) => (
            <text key={title} class="topology-title" x={x - 8} y={y} dy="0.35em">
              {title}
            </text>
          ))}
          {layout.services.map((one) => (
            <ServiceMark key={one.node.key} placed={one} room={layout.serviceRoom} {...hints} />
          ))}
          {layout.clusters.map((one) => (
            <ClusterMark
              key={one.node.context}
              placed={one}
              room={layout.clusterRoom}
              href={viewFrom(one.node.context)}
              isChosen={one.node.context === from}
              {...hints}
            />
          ))}
        </svg>
      </section>
    </>
  );
}

interface Hints {
  active: Active;
  lit: readonly PlacedEdge[];
  words: PictureProps["words"];
  onActive: (active: Active) => void;
}

interface ServiceMarkProps extends Hints {
  placed: Placed<ServiceNode>;
  room: number;
}

function ServiceMark({ placed: { node, x, y }, room, active, lit, words, onActive }: ServiceMarkProps) {
  const me = { kind: "service", id: node.key } as const;
  const isLit = isSame(active, me) || lit.some(({ edge }) => edge.service === node.key);
  const href = hrefOf({ page: "service", namespace: node.namespace, name: node.name });
  return (
    <NodeLink href={href} label={words(me)} isLit={isLit} state={node.state} me={me} onActive={onActive}>
      <rect x={4} y={y - 14} width={x - 2} height={28} rx={6} />
      <text class="topology-glyph" x={x - 10} y={y} dy="0.35em">
        {lookOf(node.state).glyph}
      </text>
      <text class="topology-name" x={x - 24} y={y} dy="0.35em" text-anchor="end">
        {fitted(node.key, room)}
      </text>
    </NodeLink>
  );
}

interface ClusterMarkProps extends Hints {
  placed: Placed<ClusterNode>;
  room: number;
  href: string;
  isChosen: boolean;
}

function ClusterMark({ placed, room, href, isChosen, active, lit, words, onActive }: ClusterMarkProps) {
  const { node, x, y } = placed;
  const me = { kind: "cluster", id: node.context } as const;
  const isLit = isSame(active, me) || isChosen || lit.some(({ edge }) => edge.context === node.context);
  const place = placeOf(node);
  const label = `${words(me)}. ${isChosen ? "Back to all clusters" : "Look from here"}`;
  return (
    <NodeLink
      href={href}
      label={label}
      isLit={isLit}
      isChosen={isChosen}
      state={node.state}
      me={me}
      onActive={onActive}
    >
      <rect x={x - 2} y={y - 20} width={room * 7.2 + 30} height={40} rx={6} />
      <text class="topology-glyph" x={x + 9} y={y} dy="0.35em">
        {lookOf(node.state).glyph}
      </text>
      <text class="topology-name" x={x + 22} y={place ? y - 8 : y} dy="0.35em">
        {fitted(node.context, room)}
      </text>
      <text class="topology-place" x={x + 22} y={y + 8} dy="0.35em">
        {fitted(place, room)}
      </text>
    </NodeLink>
  );
}

interface NodeLinkProps {
  href: string;
  label: string;
  isLit: boolean;
  isChosen?: boolean;
  state: State | null;
  me: NonNullable<Active>;
  onActive: (active: Active) => void;
  children: preact.ComponentChildren;
}

function NodeLink({ href, label, isLit, isChosen = false, state, me, onActive, children }: NodeLinkProps) {
  const enter = (): void => onActive(me);
  const leave = (): void => onActive(null);
  // Links in SVG say their target in another way than links in HTML: the page's own listener does not know them.
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  const look = `${isLit ? " is-lit" : ""}${isChosen ? " is-chosen" : ""} tone-${lookOf(state).tone}`;
  return (
    <a
      class={`topology-node topology-${me.kind}${look}`}
      href={href}
      aria-label={label}
      onClick={follow}
      onFocus={enter}
      onBlur={leave}
      onMouseEnter={enter}
      onMouseLeave={leave}
    >
      {children}
    </a>
  );
}

function isSame(one: Active, other: Active): boolean {
  return one?.kind === other?.kind && one?.id === other?.id;
}

function touches(edge: Edge, active: NonNullable<Active>): boolean {
  return active.kind === "service" ? edge.service === active.id : edge.context === active.id;
}
