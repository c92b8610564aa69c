import process from 'node:process';
import { createInterface, type Interface } from 'node:readline';
import type { Approval, Sallyport, SallyportError, WaitAnswer } from '../client/index.ts';
import type { Context } from './context.ts';
import { explain } from './explain.ts';
import type { Spinner } from './spinner.ts';

/** The wait was stopped by a signal, or by the person in front of it. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * What stops a wait. A Ctrl-C on a terminal asks whether the approval should be cancelled; a second one, and any other
 * signal, leaves it pending.
 */
export class Interruption {
  /** What is waited for, once it is known. */
  approval: Approval | null = null;
  /** Somebody has pressed Ctrl-C. */
  wasAsked = false;
  readonly #context: Context;
  readonly #client: Sallyport;
  readonly #spinner: Spinner;
  readonly #stop = new AbortController();
  #prompt: Interface | undefined;

  constructor(context: Context, client: Sallyport, spinner: Spinner) {
    this.#context = context;
    this.#client = client;
    this.#spinner = spinner;
  }

  /** The answer of the wait. Rejects with Interrupted when it was stopped. */
  watch(wait: (signal: AbortSignal) => Promise<WaitAnswer>): Promise<WaitAnswer> {
    for (const signal of SIGNALS) {
      process.on(signal, this.#onSignal);
    }
    return wait(this.#stop.signal);
  }

  end(): void {
    for (const signal of SIGNALS) {
      process.off(signal, this.#onSignal);
    }
    if (this.#prompt !== undefined) {
      this.#context.screen.say('');
      this.#prompt.off('close', this.#onNo).close();
    }
    this.#leave('over');
  }

  /** What to say at the end. */
  farewell({ message }: Interrupted): string {
    return this.approval === null
      ? `${message}, before the service had said that it has the question`
      : `${message}; ${this.approval.id} is still pending: 'sallyport cancel ${this.approval.id}' ends it`;
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const { screen, canAsk } = this.#context;
    if (signal === 'SIGINT' && canAsk && screen.isWatched && this.approval !== null && !this.wasAsked) {
      this.wasAsked = true;
      this.#ask(this.approval);
    } else {
      this.#leave(`stopped by ${signal}`);
    }
  };

  #leave(why: string): void {
    this.#stop.abort(new Interrupted(why));
  }

  #ask(approval: Approval): void {
    const { screen } = this.#context;
    this.#spinner.stop();
    screen.redraw(`Cancel ${approval.id}? [y/N] `);
    // Not by Node's line editor: it would take Ctrl-C from the terminal.
    this.#prompt = createInterface({ input: process.stdin, terminal: false });
    this.#prompt.once('line', (line) => {
      this.#prompt?.off('close', this.#onNo);
      if (/^y(es)?$/i.test(line.trim())) {
        void this.#cancel(approval);
      } else {
        this.#onNo();
      }
    });
    // The end of the input, Ctrl-D, is no yes.
    this.#prompt.once('close', this.#onNo);
  }

  readonly #onNo = (): void => this.#leave('stopped');

  /** Done or not, the wait then ends by itself with what became of the approval, unless it is still pending. */
  async #cancel({ id }: Approval): Promise<void> {
    await this.#client.approvals.cancel(id, { comment: 'stopped by who asked' }).catch((error) => {
      const { token } = this.#context.settings();
      const isFinal = (error as SallyportError).code === 'approval-already-final';
      return isFinal || this.#leave(`it could not be cancelled: ${explain(error, token !== null)}`);
    });
  }
}
