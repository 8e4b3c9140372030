/** An address that names no page. */
import { Empty } from "../../parts/Empty";
import { hrefOf } from "../../router";

export function NowherePage() {
  return (
    <Empty title="There is no page at this address">
      <p>
        <a href={hrefOf({ page: "services" })}>Global services</a>
      </p>
    </Empty>
  );
}
