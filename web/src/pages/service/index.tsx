/** One service: whether it works, why not, and what mends it. */
import "./service.css";
import { Actions } from "../../actions";
import type { GlobalService } from "../../api/types";
import { keyOf } from "../../live/model";
import { Empty, Loading } from "../../parts/Empty";
import { State } from "../../parts/State";
import { worstOf } from "../../parts/states";
import { hrefOf, type Route } from "../../router";
import { store } from "../../store";
import { statesIn } from "../topology/words";
import { Cause } from "./Cause";
import { CellsTable } from "./CellsTable";
import { Hosts } from "./Hosts";
import { Sections } from "./Sections";
import { useDetail } from "./useDetail";

export function ServicePage({ route }: { route: Route }) {
  if (route.page !== "service") return null;
  const { namespace, name } = route;
  return <OneService key={keyOf(route)} namespace={namespace} name={name} />;
}

function OneService({ namespace, name }: { namespace: string; name: string }) {
  const row = store.services.value?.get(keyOf({ namespace, name })) ?? null;
  const { body, error } = useDetail(namespace, name, row);
  const service = row ?? body?.service ?? null;
  if (service === null && error?.status === 404) return <NoService namespace={namespace} name={name} />;
  if (service === null && error === null) return <Loading what={`${namespace}/${name}`} />;
  return (
    <>
      {service === null ? null : <Head service={service} isGlobal={row !== null} />}
      {body?.diagnosis ? <Cause diagnosis={body.diagnosis} /> : null}
      {service === null ? null : <Clusters service={service} />}
      {error === null || error.status === 404 ? null : (
        <p class="detail-error" role="alert">
          What else is known of it could not be loaded: {error.message}.{error.hint ? ` Next: ${error.hint}.` : ""}
        </p>
      )}
      {body === null ? null : <Sections detail={body} service={service ?? body.service} />}
    </>
  );
}

/** What is in every row already, so that it stands there at once. */
function Head({ service, isGlobal }: { service: GlobalService; isGlobal: boolean }) {
  const states = service.cells.map((cell) => cell.state);
  const q = keyOf(service);
  return (
    <>
      <div class="service-head">
        <State state={worstOf(states)} /> <span>{statesIn(states)}</span>
        {isGlobal ? <a href={hrefOf({ page: "topology" }, { q })}>In the topology</a> : null}
        <a href={hrefOf({ page: "findings" }, { q })}>Its findings</a>
        <Actions namespace={service.namespace} name={service.name} />
      </div>
      <Hosts service={service} />
    </>
  );
}

function Clusters({ service }: { service: GlobalService }) {
  return (
    <>
      <h2>Clusters</h2>
      <CellsTable service={service} defaultDistribution={store.rows.value?.defaultDistribution ?? "PreferNetwork"} />
    </>
  );
}

function NoService({ namespace, name }: { namespace: string; name: string }) {
  return (
    <Empty title={`No service ${namespace}/${name} was found in the clusters that were read`}>
      <p>
        <a href={hrefOf({ page: "services" })}>Global services</a>
      </p>
    </Empty>
  );
}
