import { type EventStream, type RegisterAgent, type Sallyport, SallyportError } from '../client/index.ts';
import { persist } from '../client/persist.ts';
import type { Context } from './context.ts';
import { explain } from './explain.ts';
import { Troubles } from './troubles.ts';

export interface RunAgent extends RegisterAgent {
  readonly id: string;
}

/** For how long the start waits for a service that says nothing, or that has to be there. */
const BEGIN_WITHIN_MS = 10_000;
const LAST_WORDS_MS = 3000;

/** An agent for as long as its command runs: registered, connected by a stream, and gone at the end. */
export class Registration {
  readonly #client: Sallyport;
  readonly #agent: RunAgent;
  readonly #task: string | null;
  readonly #troubles: Troubles;
  readonly #stop = new AbortController();
  /** True: it is registered. */
  readonly #first = Promise.withResolvers<boolean>();
  /** False: the service could not be reached. */
  readonly #away = Promise.withResolvers<boolean>();
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
   * Resolves when the agent is registered, or when the service cannot be reached; it is tried on then. Rejects when the
   * service refuses, and if `isRequired` when it cannot be reached for a while.
   */
  async begin(isRequired: boolean): Promise<void> {
    this.#follow().catch(this.#refused);
    try {
      const away = isRequired ? [] : [this.#away.promise];
      const isHere = await within([this.#first.promise, ...away], BEGIN_WITHIN_MS);
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
        this.#ensure().then(() => this.#first.resolve(true), this.#refused);
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
      this.#away.resolve(false);
      this.#troubles.onRetry(error);
    }
  }
}

/** What the first of them says; false if none has by then. */
async function within(answers: readonly Promise<boolean>[], ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([...answers, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
