/** The pages that one can go to, in their order: for the navigation, for keys, for the help. */
import { PAGES } from "../pages";
import { hrefOf, type PageName, type Route } from "../router";
import { store } from "../store";

export interface Goal {
  name: PageName;
  label: string;
  /** After `g`. */
  key: string;
  href: string;
}

/** That of changes only where the page may change something. */
export function goals(): Goal[] {
  const writes = store.about.value?.writes === true;
  return (Object.keys(PAGES) as PageName[]).flatMap((name) => {
    const { nav } = PAGES[name];
    if (nav === null || (name === "journal" && !writes)) return [];
    return [{ name, ...nav, href: hrefOf({ page: name } as Route) }];
  });
}
