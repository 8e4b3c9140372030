/** A real server on loopback that answers as the program does: documents by path, and a stream that a test speaks in. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const TOKEN = "a-token-of-the-tests";

export class SpokenServer {
  /** By path below /api/v1. */
  readonly documents = new Map<string, unknown>();
  /** How often each path was asked for. */
  readonly asked: string[] = [];
  version = 1;
  token = TOKEN;
  /** Answers to documents wait for it. */
  gate: Promise<void> = Promise.resolve();
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((question, answer) => void this.#answer(question, answer));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get streams(): number {
    return this.#streams.size;
  }

  say(event: string, body: unknown): void {
    for (const stream of this.#streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(body)}\n\n`);
  }

  /** End all streams, as a lost connection does. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const path = (question.url ?? "").replace("/api/v1", "");
    this.asked.push(path);
    if (question.headers.authorization !== `Bearer ${this.token}`) {
      answer.writeHead(401).end('{"error":{"message":"no","hint":""}}');
    } else if (path === "/events") {
      this.#streams.add(answer);
      answer.on("close", () => this.#streams.delete(answer));
      answer.writeHead(200, { "Content-Type": "text/event-stream" });
      answer.write(`event: hello\ndata: ${JSON.stringify({ version: this.version })}\n\n`);
    } else {
      await this.gate;
      const document = this.documents.get(path);
      const head = { "Content-Type": "application/json", "Meshglobal-Version": String(this.version) };
      if (document === undefined)
        answer.writeHead(404, head).end('{"error":{"message":"nothing","hint":"look there"}}');
      else answer.writeHead(200, head).end(JSON.stringify(document));
    }
  }
}

/** Wait until something is so; fails after a while. */
export async function until(isSo: () => boolean, what: string, patience = 5_000): Promise<void> {
  const end = Date.now() + patience;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`in vain waited for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
