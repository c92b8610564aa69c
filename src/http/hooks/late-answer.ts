import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { sendAnswer } from './answer.ts';

/**
 * An answer that may take hours. Proxies cut a connection that says nothing for a minute, and white space before JSON
 * means nothing: from the first pulse on the head is sent, and a space with each.
 */
export class LateAnswer {
  readonly #reply: FastifyReply;
  readonly #onLate: (outcome: string) => void;
  readonly #pulseMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** `onLate` is called in place of Fastify's own hooks when an answer has ended that had begun before. */
  constructor(reply: FastifyReply, pulseMs: number, onLate: (outcome: string) => void) {
    this.#reply = reply;
    this.#onLate = onLate;
    this.#pulseMs = pulseMs;
  }

  /** From here on the connection is kept alive. Call `send` or `forget` then. */
  begin(): void {
    this.#timer = setInterval(() => this.#pulse(), this.#pulseMs);
  }

  /** Sends the answer. Once. */
  send(json: string, outcome: string): void {
    const { raw } = this.#reply;
    clearInterval(this.#timer);
    if (raw.headersSent) {
      raw.end(json);
      this.#onLate(outcome);
    } else {
      sendAnswer(this.#reply, json, outcome);
    }
  }

  /** Nobody is there to be answered any more. */
  forget(): void {
    clearInterval(this.#timer);
  }

  #pulse(): void {
    const { raw } = this.#reply;
    if (!raw.headersSent) {
      this.#reply.hijack();
      const headers = this.#reply.getHeaders() as OutgoingHttpHeaders;
      raw.writeHead(200, {
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        // nginx would keep the spaces back.
        'x-accel-buffering': 'no',
      });
    }
    raw.write(' ');
  }
}
