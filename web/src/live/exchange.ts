/** The shared worker's part: one stream for many tabs. */
import { type News, openStream, type Stream } from "../api/stream";
import { EVENTS, type Word } from "./link";

export interface Port {
  postMessage(news: News): void;
}

export class Exchange {
  readonly #ports = new Set<Port>();
  readonly #open: typeof openStream;
  #stream: Stream | null = null;
  #token = "";
  #isOpen = false;

  constructor(open: typeof openStream = openStream) {
    this.#open = open;
  }

  hear(port: Port, word: Word): void {
    if (word.kind === "retry") this.#stream?.retry();
    else if (word.kind === "leave") this.#leave(port);
    else this.#join(port, word.token);
  }

  #join(port: Port, token: string): void {
    this.#ports.add(port);
    if (this.#stream === null || token !== this.#token) this.#connect(token);
    // Who comes later was not there when the stream began.
    else if (this.#isOpen) port.postMessage({ kind: "open" });
    else this.#stream.retry();
  }

  #leave(port: Port): void {
    this.#ports.delete(port);
    if (this.#ports.size > 0) return;
    this.#close();
  }

  /** A new token means that the program was started anew: the old stream is nobody's any more. */
  #connect(token: string): void {
    this.#close();
    this.#token = token;
    this.#stream = this.#open({ url: EVENTS, token, tell: (news) => this.#tell(news) });
  }

  #close(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#isOpen = false;
  }

  #tell(news: News): void {
    if (news.kind === "open") this.#isOpen = true;
    if (news.kind === "lost") this.#isOpen = false;
    if (news.kind === "refused") this.#close();
    for (const port of this.#ports) port.postMessage(news);
  }
}
