/** The shared worker: holds the event stream for all tabs of a browser. */
import { Exchange } from "./live/exchange";
import type { Word } from "./live/link";

const exchange = new Exchange();

addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<Word>) => exchange.hear(port, data);
});
