/** Which columns there is room for. What is less important goes first; cards say what is left of it by style. */
import { useMedia } from "../../parts/useMedia";
import { store } from "../../store";
import { COLUMNS, type Column, type Kind } from "./view";

export type Room = "wide" | "medium" | "little";

const LEFT_OUT: Readonly<Record<Kind, Readonly<Record<Room, readonly Column[]>>>> = {
  services: {
    wide: [],
    medium: ["segment", "takeover", "distribution"],
    little: ["segment", "takeover", "distribution", "reason"],
  },
  clusters: { wide: [], medium: ["takeover", "distribution"], little: ["takeover", "distribution", "age"] },
};

/** The columns of a view that are shown; that of segments only where some cluster has one. */
export function columnsFor(kind: Kind, room: Room, hasSegments: boolean): readonly Column[] {
  const out = LEFT_OUT[kind][room];
  return COLUMNS[kind].filter((column) => !out.includes(column) && (column !== "segment" || hasSegments));
}

export function useColumns(kind: Kind): readonly Column[] {
  const isWide = useMedia("(min-width: 80rem)");
  const isNotLittle = useMedia("(min-width: 64rem)");
  const isCards = useMedia("(max-width: 45rem)");
  const room = isWide || isCards ? "wide" : isNotLittle ? "medium" : "little";
  return columnsFor(kind, room, store.segments.value.size > 0);
}
