import { EventEmitter, once } from 'node:events';

/** What the model wants to do. */
export interface ToolCall {
  readonly tool: string;
  /** The tool's group, where the model's API has such. */
  readonly namespace?: string;
  readonly input: Record<string, unknown>;
}

/** What the program told the model about one of its calls. */
export interface ToolResult {
  /** The model's API may not say so of a call that failed. */
  readonly isError: boolean;
  readonly text: string;
}

/** What the model calls, turn by turn: all calls of a turn at once. Then it says that it is done. */
export type Script = readonly (readonly ToolCall[])[];

/** A model's API on this machine, which answers by a script. No model runs. */
export interface ScriptedModel {
  readonly url: string;
  readonly told: Told;
  close(): Promise<void>;
}

/** A call, with its place among all calls of the script. */
export type PlacedCall = ToolCall & { readonly place: number };

/** What a model was told so far. */
export class Told {
  readonly #turns: readonly (readonly PlacedCall[])[];
  readonly #results = new Map<number, ToolResult>();
  readonly #grown = new EventEmitter();

  constructor(script: Script) {
    let place = 0;
    this.#turns = script.map((turn) => turn.map((call) => ({ ...call, place: place++ })));
  }

  /** The calls of the first turn that is not done; none: all are. */
  get next(): readonly PlacedCall[] {
    return this.#turns.find((turn) => turn.some(({ place }) => !this.#results.has(place))) ?? [];
  }

  /** A conversation is sent whole each time, so what is known already may come again. */
  take(place: number, result: ToolResult): void {
    if (!this.#results.has(place)) {
      this.#results.set(place, result);
      this.#grown.emit('result');
    }
  }

  at(place: number): ToolResult | undefined {
    return this.#results.get(place);
  }

  /** What the model read about the call at this place; empty: nothing yet. */
  text(place: number): string {
    return this.at(place)?.text ?? '';
  }

  /** The result of the call at this place, now or later. */
  async result(place: number): Promise<ToolResult> {
    for (;;) {
      const result = this.at(place);
      if (result !== undefined) return result;
      await once(this.#grown, 'result');
    }
  }
}
