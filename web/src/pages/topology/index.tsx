/** Placeholder of the page while it is written. */
import { Loading } from "../../parts/Empty";

export function TopologyPage() {
  return <Loading what="topology" />;
}
