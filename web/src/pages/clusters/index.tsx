/** Placeholder of the page while it is written. */
import { Loading } from "../../parts/Empty";

export function ClustersPage() {
  return <Loading what="clusters" />;
}
