/** What somebody wants changed: the form's content, what it begins with, and what it comes to as a question. Pure. */
import type { GlobalService, PlanAsked } from "../api/types";

export type Action = PlanAsked["action"];
/** `leave`: as it is. */
export type Takeover = "leave" | "on" | "off";

/** What the form is about; empty: not said yet. `isFixed`: opened from a service, so that its name is no question. */
export interface Subject {
  kind: PlanAsked["kind"];
  namespace: string;
  name: string;
  isFixed: boolean;
}

export interface Wish extends Subject {
  action: Action;
  contexts: readonly string[];
  scope: "global" | "segment";
  takeover: Takeover;
  /** Empty: as it is. */
  distribution: string;
  overwrite: boolean;
  optOut: boolean;
  purge: boolean;
}

/** The value that takes a traffic distribution away. */
export const UNSET = "unset";
export const MODES = ["PreferNetwork", "PreferClose", "PreferRegion", "Any"] as const;
export const NOTHING: Subject = { kind: "svc", namespace: "", name: "", isFixed: false };

export interface Place {
  context: string;
  /** Nothing could be read there. */
  isLost: boolean;
  isProtected: boolean;
}

/** The form as it opens: what is global is taken back, or set; what is not is exposed. Clusters that are lost are not chosen. */
export function firstWish(subject: Subject, places: readonly Place[], service: GlobalService | null): Wish {
  const isGlobal = service?.cells.some((cell) => cell.scope !== null && cell.scope !== "cluster") ?? false;
  return {
    ...subject,
    action: isGlobal ? "set" : "expose",
    contexts: chosen(places, service),
    scope: "global",
    takeover: "leave",
    distribution: "",
    overwrite: false,
    optOut: false,
    purge: false,
  };
}

function chosen(places: readonly Place[], service: GlobalService | null): string[] {
  const without = new Set(service?.cells.filter((cell) => cell.present === false).map((cell) => cell.context));
  return places.filter((place) => !place.isLost && !without.has(place.context)).map((place) => place.context);
}

/** What is wrong with it, in a sentence; null: it can be asked. */
export function problemOf(wish: Wish): string | null {
  if (wish.kind === "svc" && wish.namespace.trim() === "") return "Name the service's namespace.";
  if (namesOf(wish).length === 0) return `Name the ${wish.kind === "svc" ? "service" : "namespace"}.`;
  if (wish.contexts.length === 0) return "Choose at least one cluster.";
  if (wish.action === "set" && wish.takeover === "leave" && modeOf(wish) === null)
    return "Choose a takeover or a traffic distribution.";
  return null;
}

/** Several names may be given, with commas or spaces between them. */
function namesOf(wish: Wish): string[] {
  return wish.name.split(/[\s,]+/).filter((name) => name !== "");
}

/** A namespace has no mode, and what is exposed has none taken away. */
function modeOf(wish: Wish): string | null {
  if (wish.kind === "ns" || wish.distribution === "") return null;
  return wish.action === "expose" && wish.distribution === UNSET ? null : wish.distribution;
}

export function questionOf(wish: Wish): PlanAsked {
  const isSetting = wish.action !== "unexpose";
  return {
    action: wish.action,
    kind: wish.kind,
    namespace: wish.kind === "svc" ? wish.namespace.trim() : null,
    names: namesOf(wish),
    contexts: [...wish.contexts],
    scope: wish.action === "expose" ? wish.scope : null,
    takeover: isSetting && wish.takeover !== "leave" ? wish.takeover === "on" : null,
    distribution: isSetting ? modeOf(wish) : null,
    overwrite: wish.overwrite,
    optOut: !isSetting && wish.optOut,
    purge: !isSetting && wish.purge,
  };
}
