import { Agent, request } from 'node:http';

export interface Acknowledged {
  /** By its id: the status that was answered. */
  readonly approvals: Map<string, 'pending' | 'resolved'>;
  /** By its seq: the id of the event that was answered. */
  readonly events: Map<number, string>;
}

/** Clients that create, resolve and notify as fast as they are answered, until the service is gone. */
export class Load {
  readonly acknowledged: Acknowledged = { approvals: new Map(), events: new Map() };
  /** Answers that are neither a success nor a connection that broke. */
  readonly unexpected: string[] = [];
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  #answers = 0;
  #awaited: { answers: number; resolve: () => void } | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Resolves when every client has lost its connection. */
  async run(clients: number, round: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, (_, client) => this.#client(`${round}-${client}`)));
    this.#agent.destroy();
  }

  /** Resolves when so many requests have been answered. */
  answered(answers: number): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = { answers, resolve };
    });
  }

  async #client(name: string): Promise<void> {
    const session = `client-${name}`;
    for (let number = 1; ; number++) {
      const key = `${name}-${number}`;
      const approval = await this.#post('/approvals', session, { action: key, details: { number } }, key);
      if (approval === undefined) {
        return;
      }
      const id = approval.id as string;
      this.acknowledged.approvals.set(id, 'pending');
      const event = await this.#post('/events', session, { message: key });
      if (event === undefined) {
        return;
      }
      this.acknowledged.events.set(event.seq as number, event.id as string);
      const resolved = await this.#post(`/approvals/${id}/resolve`, session, { resolution: 'approve' });
      if (resolved === undefined) {
        return;
      }
      this.acknowledged.approvals.set(id, 'resolved');
    }
  }

  /** Undefined: the connection broke before the whole answer was there. */
  #post(
    path: string,
    session: string,
    body: unknown,
    key?: string,
  ): Promise<Record<string, unknown> | undefined> {
    return new Promise((resolve) => {
      const headers = {
        'X-Session-Id': session,
        'Content-Type': 'application/json',
        ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      };
      const sent = request(this.#url + path, { method: 'POST', agent: this.#agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('close', () =>
          resolve(response.complete ? this.#count(response.statusCode, text) : undefined),
        );
      });
      sent.on('error', () => resolve(undefined));
      sent.end(JSON.stringify(body));
    });
  }

  #count(status: number | undefined, text: string): Record<string, unknown> | undefined {
    if (status !== 200 && status !== 201) {
      this.unexpected.push(`${status} ${text}`);
      return undefined;
    }
    this.#answers += 1;
    if (this.#awaited !== undefined && this.#answers >= this.#awaited.answers) {
      this.#awaited.resolve();
    }
    return JSON.parse(text);
  }
}

/** The whole log, oldest first. */
export async function readLog(url: string): Promise<{ seq: number; id: string }[]> {
  const log: { seq: number; id: string }[] = [];
  for (;;) {
    const response = await fetch(`${url}/events?limit=1000&after=${log.at(-1)?.seq ?? 0}`);
    const { events } = (await response.json()) as { events: { seq: number; id: string }[] };
    if (events.length === 0) {
      return log;
    }
    log.push(...events);
  }
}

/** Of all approvals, by their ids. */
export async function readStatuses(url: string): Promise<Map<string, string>> {
  const statuses = new Map<string, string>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${url}/approvals?limit=500${query}`);
    const page = (await response.json()) as {
      approvals: { id: string; status: string }[];
      next_cursor: string | null;
    };
    for (const { id, status } of page.approvals) {
      statuses.set(id, status);
    }
    cursor = page.next_cursor;
  }
  return statuses;
}
