/** What the model wants to do. */
export interface ToolCall {
  readonly tool: string;
  readonly input: Record<string, unknown>;
}

/** What the program told the model about one of its calls. */
export interface ToolResult {
  /** The call's place in the script, counted over all turns. */
  readonly call: number;
  /** False where the model's API does not say whether the call failed. */
  readonly isError: boolean;
  readonly text: string;
}

/** The calls of each turn. A model makes all calls of a turn at once; after the last turn it says that it is done. */
export type Script = readonly (readonly ToolCall[])[];

/** A model's API on this machine, which answers by a script. No model runs. */
export interface ScriptedModel {
  readonly url: string;
  /** What came back so far, in the order of the script. */
  readonly results: readonly ToolResult[];
  close(): Promise<void>;
}

/**
 * The calls of the first turn that has no result yet, with their places. What is answered rests only on the
 * conversation that a request carries, so a request that a program repeats gets the same answer.
 */
export function nextTurn(
  script: Script,
  results: ReadonlyMap<number, ToolResult>,
): (ToolCall & { readonly place: number })[] {
  let place = 0;
  for (const turn of script) {
    const calls = turn.map((call) => ({ ...call, place: place++ }));
    if (calls.some((call) => !results.has(call.place))) return calls;
  }
  return [];
}

export function inOrder(results: ReadonlyMap<number, ToolResult>): ToolResult[] {
  return [...results.values()].sort((a, b) => a.call - b.call);
}
