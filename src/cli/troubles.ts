import type { SallyportError } from '../client/index.ts';
import type { Context } from './context.ts';
import { explain } from './explain.ts';

/** Says what keeps a command from going on; the same only once until it is over. */
export class Troubles {
  readonly #context: Context;
  readonly #say: (line: string) => void;
  #said: string | null = null;

  constructor(context: Context, say: (line: string) => void) {
    this.#context = context;
    this.#say = say;
  }

  readonly onRetry = (error: SallyportError): void => {
    const sentence = explain(error, this.#context.settings().token !== null);
    if (sentence !== this.#said) {
      this.#said = sentence;
      this.#say(`sallyport: ${sentence}. Trying again`);
    }
  };

  over(): void {
    if (this.#said !== null) {
      this.#said = null;
      this.#say('sallyport: it can be reached');
    }
  }
}
