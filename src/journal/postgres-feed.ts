import { Session, unavailable } from './postgres-session.ts';
import type { PostgresTarget } from './postgres-target.ts';

/** A node that listens reads this often all the same: a hint may be lost, and the database may be away. */
export const SAFETY_POLL_MS = 500;
/** A database that has not said anything for so long is not there. */
export const SILENT_MS = 1500;
const LISTEN_MS = 2000;
/** Whatever the planner believes of a table that was empty when the connection was new, and planned once. */
const READS_BY_INDEX = 'SET enable_seqscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan';

export interface FeedOptions {
  readonly target: PostgresTarget;
  /** Whose hints say nothing new. */
  readonly writer: string;
  /** Milliseconds between two reads; null: listen as well. */
  readonly pollMs: number | null;
  /** Reads what is new. */
  catchUp(): Promise<void>;
  /** By `performance.now()`, when the database answered last. */
  heardAt(): number;
}

/** Tells when there may be something new in the log, and whether the database is there at all. */
export class Feed {
  readonly #options: FeedOptions;
  #session: Session | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isListening = false;
  #problem: string | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  start(): void {
    const everyMs = this.#options.pollMs ?? SAFETY_POLL_MS;
    this.#timer = setInterval(() => this.#tick(), everyMs);
    this.#tick();
  }

  /** The connection that listens, which has nothing else to do; undefined: there is none. */
  get session(): Session | undefined {
    return this.#session?.isOpen ? this.#session : undefined;
  }

  /** Why the log cannot be followed, as a sentence; null when it can. */
  problem(): string | null {
    const silentMs = performance.now() - this.#options.heardAt();
    const silence = `the database has not answered for ${Math.round(silentMs)} ms`;
    return this.#problem ?? (this.#timer !== undefined && silentMs > SILENT_MS ? silence : null);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#session?.end();
  }

  #tick(): void {
    if (this.#options.pollMs === null && !this.#isListening) void this.#listen();
    this.#read();
  }

  #read(): void {
    this.#options.catchUp().then(
      () => {
        this.#problem = null;
      },
      (error: Error) => {
        this.#problem = error.message;
      },
    );
  }

  /** Listens first and reads then, so that nothing falls between. The next tick tries again. */
  async #listen(): Promise<void> {
    const { target, writer } = this.#options;
    this.#isListening = true;
    try {
      const onEnd = () => {
        this.#isListening = false;
      };
      const config = { ...target.config, application_name: 'sallyport listener' };
      const session = await Session.open({ ...target, config }, LISTEN_MS, { onEnd });
      session.onNotification((payload) => {
        if (!payload.startsWith(`${writer} `)) this.#read();
      });
      await session.ask(`${READS_BY_INDEX}; LISTEN ${target.schema}`, [], LISTEN_MS);
      this.#session = session;
      if (this.#timer === undefined) session.end();
      else this.#read();
    } catch (error) {
      this.#isListening = false;
      this.#problem = unavailable(error).message;
    }
  }
}
