import { type EventStream, type RegisterAgent, type Sallyport, SallyportError } from '../client/index.ts';
import { persist } from '../client/persist.ts';
import type { Context } from './context.ts';
import { explain } from './explain.ts';
import { Troubles } from './troubles.ts';

export interface RunAgent extends RegisterAgent {
  readonly id: string;
}

/** For how long the start waits for the service: after this the command runs, and it is tried on. */
const SOON_MS = 3000;
/** The same, where the command must not run without. */
const REQUIRED_WITHIN_MS = 10_000;
const LAST_WORDS_MS = 3000;

/** An agent for as long as its command runs: registered, connected by a stream, and gone at the end. */
export class Registration {
  readonly #client: Sallyport;
  readonly #agent: RunAgent;
  readonly #task: string | null;
  readonly #troubles: Troubles;
  readonly #stop = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  readonly #say: (error: unknown) => void;
  #lastTrouble: SallyportError | undefined;
  #isRegistered = false;
  #hasBegun = false;

  constructor(context: Context, client: Sallyport, agent: RunAgent, task: string | null) {
    this.#client = client;
    this.#agent = agent;
    this.#task = task;
    this.#troubles = new Troubles(context, (line) => context.screen.say(line));
    this.#say = (error) =>
      context.screen.say(`sallyport: ${explain(error, context.settings().token !== null)}`);
  }

  /**
   * Resolves when the agent is registered, or when the service could not be reached so far. Rejects when the service
   * refuses, and if `isRequired` when it cannot be reached.
   */
  async begin(isRequired: boolean): Promise<void> {
    this.#follow().catch(this.#refused);
    try {
      const isHere = await within(this.#first.promise, isRequired ? REQUIRED_WITHIN_MS : SOON_MS);
      if (!isHere && isRequired) {
        throw this.#lastTrouble;
      }
    } catch (error) {
      this.#stop.abort();
      throw error;
    }
    this.#hasBegun = true;
  }

  /** Says how it ended, and goes. */
  async end(status: 'completed' | 'errored'): Promise<void> {
    const { id } = this.#agent;
    const signal = AbortSignal.timeout(LAST_WORDS_MS);
    try {
      await this.#client.agents.setStatus(id, { status }, { signal });
      await this.#client.agents.unregister(id, { signal });
    } catch (error) {
      this.#say(error);
    } finally {
      this.#stop.abort();
    }
  }

  /** Holds a stream on which nothing comes: it says that this session is there. */
  async #follow(): Promise<void> {
    const stream: EventStream = this.#client.events({
      presence: true,
      kind: 'session.presence',
      signal: this.#stop.signal,
      onOpen: () => {
        this.#ensure().then(this.#first.resolve, this.#refused);
      },
      onDisconnect: (error) => this.#trouble(error),
    });
    await stream[Symbol.asyncIterator]().next();
  }

  /** Registered, and running: for the first time, or again where the service has forgotten it. */
  #ensure(): Promise<void> {
    const { signal } = this.#stop;
    const { id } = this.#agent;
    return persist(
      async () => {
        if (!this.#isRegistered || (await this.#isUnknown(id))) {
          await this.#client.agents.register(this.#agent, { signal });
          await this.#client.agents.setStatus(
            id,
            { status: 'running', current_task: this.#task },
            { signal },
          );
          this.#isRegistered = true;
        }
        this.#troubles.over();
      },
      { signal, onRetry: (error) => this.#trouble(error) },
    );
  }

  async #isUnknown(id: string): Promise<boolean> {
    try {
      await this.#client.agents.get(id, { signal: this.#stop.signal });
      return false;
    } catch (error) {
      if ((error as SallyportError).code === 'agent-not-found') {
        return true;
      }
      throw error;
    }
  }

  /** Before the command runs it keeps it from that; later it is only said. */
  readonly #refused = (error: unknown): void => {
    if (!this.#hasBegun) {
      this.#first.reject(error);
    } else if (!this.#stop.signal.aborted) {
      this.#say(error);
    }
  };

  #trouble(error: unknown): void {
    if (error instanceof SallyportError && !this.#stop.signal.aborted) {
      this.#lastTrouble = error;
      this.#troubles.onRetry(error);
    }
  }
}

/** False if it has not come to an end by then. */
async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
