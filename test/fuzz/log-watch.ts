import type { Exchanges } from './exchange.ts';

export interface Recorded {
  readonly seq: number;
  readonly kind: string;
  readonly payload?: { readonly decided_by?: { readonly principal: string | null } | null } | null;
}

/** What the service has recorded since it was looked at last. */
export class LogWatch {
  #newest = 0;
  readonly #exchanges: Exchanges;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(exchanges: Exchanges, headers: Readonly<Record<string, string>>) {
    this.#exchanges = exchanges;
    this.#headers = headers;
  }

  get newest(): number {
    return this.#newest;
  }

  /** Goes to the end of the log. */
  async begin(): Promise<void> {
    const { events } = await this.#read('/events?limit=1');
    this.#newest = events[0]?.seq ?? 0;
  }

  /** Throws when the log has a gap. */
  async news(): Promise<Recorded[]> {
    const { events } = await this.#read(`/events?after=${this.#newest}&limit=1000`);
    for (const [index, { seq }] of events.entries()) {
      if (seq !== this.#newest + index + 1) {
        throw new Error(`after event ${this.#newest} come ${events.map((event) => event.seq)}`);
      }
    }
    this.#newest += events.length;
    return events;
  }

  #read(target: string): Promise<{ events: Recorded[] }> {
    return this.#exchanges.read(target, this.#headers);
  }
}
