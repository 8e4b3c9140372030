/** The pages, by name. One line each; what is in the address decides which one is shown. */
import type { ComponentType } from "preact";
import type { PageName, Route } from "../router";
import { ClustersPage } from "./clusters";
import { FindingsPage } from "./findings";
import { JournalPage } from "./journal";
import { NowherePage } from "./nowhere";
import { ServicePage } from "./service";
import { ServicesPage } from "./services";
import { TopologyPage } from "./topology";

export interface PageEntry {
  title: (route: Route) => string;
  /** Where it stands in the navigation, and its key after `g`; null where it does not. */
  nav: { label: string; key: string } | null;
  component: ComponentType<{ route: Route }>;
}

export const PAGES: Readonly<Record<PageName, PageEntry>> = {
  services: { title: () => "Global services", nav: { label: "Services", key: "s" }, component: ServicesPage },
  service: {
    title: (route) => (route.page === "service" ? `${route.namespace}/${route.name}` : "Service"),
    nav: null,
    component: ServicePage,
  },
  clusters: { title: () => "Clusters", nav: { label: "Clusters", key: "c" }, component: ClustersPage },
  findings: { title: () => "Findings", nav: { label: "Findings", key: "f" }, component: FindingsPage },
  topology: { title: () => "Topology", nav: { label: "Topology", key: "t" }, component: TopologyPage },
  journal: { title: () => "Changes", nav: { label: "Changes", key: "j" }, component: JournalPage },
  nowhere: { title: () => "No such page", nav: null, component: NowherePage },
};
