import type { Exchanges } from './exchange.ts';

/** What the tokens are, as an administrator sees them: they are not in the log. */
export class TokenWatch {
  readonly #exchanges: Exchanges;
  readonly #headers: Readonly<Record<string, string>>;
  #before = '';

  constructor(exchanges: Exchanges, headers: Readonly<Record<string, string>>) {
    this.#exchanges = exchanges;
    this.#headers = headers;
  }

  async begin(): Promise<void> {
    this.#before = await this.#read();
  }

  /** Throws when they are others than before, and no request for it was accepted. */
  async check(isAccepted: boolean): Promise<void> {
    const now = await this.#read();
    const before = this.#before;
    this.#before = now;
    if (!isAccepted && now !== before) {
      throw new Error(`no change to the tokens was accepted, and now they are ${now}`);
    }
  }

  async #read(): Promise<string> {
    return JSON.stringify(await this.#exchanges.read('/tokens', this.#headers));
  }
}
