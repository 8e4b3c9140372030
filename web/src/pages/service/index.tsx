/** Placeholder of the page while it is written. */
import { Loading } from "../../parts/Empty";

export function ServicePage() {
  return <Loading what="service" />;
}
