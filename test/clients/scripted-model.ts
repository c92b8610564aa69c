import { EventEmitter, once } from 'node:events';

/** What the model wants to do. */
export interface ToolCall {
  readonly tool: string;
  readonly input: Record<string, unknown>;
}

/** What the program told the model about one of its calls. */
export interface ToolResult {
  /** The model's API may not say so of a call that failed. */
  readonly isError: boolean;
  readonly text: string;
}

/** What the model calls, one after the other. Then it says that it is done. */
export type Script = readonly ToolCall[];

/** A model's API on this machine, which answers by a script. No model runs. */
export interface ScriptedModel {
  readonly url: string;
  readonly told: Told;
  close(): Promise<void>;
}

/** What a model was told so far. */
export class Told {
  readonly #script: Script;
  readonly #results: ToolResult[] = [];
  readonly #grown = new EventEmitter();

  constructor(script: Script) {
    this.#script = script;
  }

  /** Its place in the script; undefined: all calls are made. */
  get next(): { readonly place: number; readonly call: ToolCall } | undefined {
    const place = this.#results.length;
    const call = this.#script[place];
    return call && { place, call };
  }

  /** A conversation is sent whole each time, so what is known already may come again. */
  take(place: number, result: ToolResult): void {
    if (place === this.#results.length) {
      this.#results.push(result);
      this.#grown.emit('result');
    }
  }

  /** Of the calls that have a result. */
  get texts(): string[] {
    return this.#results.map(({ text }) => text);
  }

  at(place: number): ToolResult | undefined {
    return this.#results[place];
  }

  /** The result of the call at this place, now or later. */
  async result(place: number): Promise<ToolResult> {
    for (;;) {
      const result = this.#results[place];
      if (result !== undefined) return result;
      await once(this.#grown, 'result');
    }
  }
}
