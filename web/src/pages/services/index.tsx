/** The Global Services page. */
import { Loading } from "../../parts/Empty";
import { store } from "../../store";

export function ServicesPage() {
  const services = store.services.value;
  if (services === null) return <Loading what="the clusters" />;
  return (
    <ul>
      {[...services.keys()].map((key) => (
        <li key={key}>{key}</li>
      ))}
    </ul>
  );
}
