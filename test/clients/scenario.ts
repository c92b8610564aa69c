import type { Gate } from './gate.ts';
import type { Program, Programs } from './programs.ts';
import type { Stage } from './stage.ts';

export interface Scenario {
  /** A fact in the present tense. */
  readonly name: string;
  readonly program: keyof Programs;
  /** Takes a minute or more, so it plays beside the others. */
  readonly isLong?: boolean;
  /** Throws where the fact is not one. */
  readonly play: (scene: Scene) => Promise<void>;
}

export interface Scene {
  readonly stage: Stage;
  readonly program: Program;
  /** All of them, where one uses another. */
  readonly programs: Programs;
  /** A service of this scenario. */
  readonly gate: Gate;
}

/** What happened, with the time that the scenario took. */
export interface Played {
  readonly scenario: Scenario;
  readonly version: string;
  readonly seconds: number;
  /** Why it failed; null: it did not. */
  readonly failure: string | null;
}
