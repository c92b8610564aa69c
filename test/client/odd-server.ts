import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface OddServer {
  readonly url: string;
  /** `GET /path?query` of every request so far. */
  readonly asked: string[];
  /** Answers from now on; what it is asked beyond the last one, the last one answers. */
  answers: Answer[];
}

/** A server that answers as it is told, one answer for each request. It stands for proxies and for what is no Sallyport. */
export async function oddServer(t: Test, ...answers: Answer[]): Promise<OddServer> {
  const server = createServer((request, response) => {
    odd.asked.push(`${request.method} ${request.url}`);
    const next = odd.answers.length > 1 ? odd.answers.shift() : odd.answers[0];
    next?.(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const odd: OddServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answers: [...answers],
  };
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return odd;
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
}

export function text(body: string, status = 200, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** The connection breaks without an answer. */
export const cut: Answer = (request) => void request.socket.destroy();

/** The connection breaks within the answer. */
export const half: Answer = (_request, response) => {
  response
    .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' })
    .write('{"outcome":"appro');
  setImmediate(() => response.destroy());
};

export const ID = 'approval-019ab0c5d1f27a3b9c4d5e6f';

/** An approval, as an answer. */
export function approval(changes: object = {}) {
  return {
    id: ID,
    action: 'Deploy?',
    options: ['approve', 'deny'],
    approve_label: 'approve',
    status: 'pending',
    outcome: null,
    resolution: null,
    comment: null,
    expires_at: null,
    decided_by: null,
    requested_by: { session_id: 'a', principal: null },
    created_at: '2026-11-23T10:15:30.123Z',
    ...changes,
  };
}

export const APPROVED = { status: 'resolved', outcome: 'approved', resolution: 'approve' };
