/** What the event stream says. Everything in it is a published document (types.ts). */
import type { CheckNews, FindingChange, FindingsNews, HostChange, ServicesNews } from "./types";

export type Change = HostChange | FindingChange;

/** By the event's name. Each is newer than what was got under a lower version. */
export interface Events {
  hello: { version: number };
  services: ServicesNews;
  check: CheckNews;
  findings: FindingsNews;
  change: { version: number; change: Change };
  ended: { message: string };
}

export type {
  About,
  EntryDocument,
  Explanation,
  Findings,
  FleetCheck,
  Inventory,
  ObjectDocument,
  Reference,
  ServiceDetail,
} from "./types";
