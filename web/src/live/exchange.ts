/** The shared worker's part: one stream for many tabs. */
import { type News, openStream, type Stream } from "../api/stream";
import { EVENTS, type Word } from "./link";

export interface Port {
  postMessage(news: News): void;
}

/** The stream with one token, and who hears it. */
interface Channel {
  stream: Stream;
  ports: Set<Port>;
  isOpen: boolean;
}

export class Exchange {
  /** By token: a tab that still has that of an earlier start of the program must not disturb the others. */
  readonly #channels = new Map<string, Channel>();
  readonly #open: typeof openStream;

  constructor(open: typeof openStream = openStream) {
    this.#open = open;
  }

  hear(port: Port, word: Word): void {
    if (word.kind === "join") this.#join(port, word.token);
    else if (word.kind === "leave") this.#leave(port);
    else for (const channel of this.#channels.values()) if (channel.ports.has(port)) channel.stream.retry();
  }

  #join(port: Port, token: string): void {
    const channel = this.#channels.get(token);
    if (channel === undefined) {
      this.#connect(port, token);
      return;
    }
    channel.ports.add(port);
    // Who comes later was not there when the stream began.
    if (channel.isOpen) port.postMessage({ kind: "open" });
    else channel.stream.retry();
  }

  #connect(port: Port, token: string): void {
    const stream = this.#open({ url: EVENTS, token, tell: (news) => this.#tell(token, news) });
    this.#channels.set(token, { stream, ports: new Set([port]), isOpen: false });
  }

  #leave(port: Port): void {
    for (const [token, channel] of this.#channels)
      if (channel.ports.delete(port) && channel.ports.size === 0) this.#close(token);
  }

  #close(token: string): void {
    this.#channels.get(token)?.stream.close();
    this.#channels.delete(token);
  }

  #tell(token: string, news: News): void {
    const channel = this.#channels.get(token);
    if (channel === undefined) return;
    if (news.kind === "open") channel.isOpen = true;
    if (news.kind === "lost") channel.isOpen = false;
    if (news.kind === "refused") this.#close(token);
    for (const port of channel.ports) port.postMessage(news);
  }
}
