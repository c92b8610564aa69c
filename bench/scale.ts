/** How much is done. */
export interface Scale {
  readonly repeats: number;
  /** With nchan, for each of the `repeats`. */
  readonly pairs: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** After its set-up the garbage of a server has this long to go before its memory is read, in milliseconds. */
  readonly settleMs: number;
  readonly subscribers: number;
  readonly idleStreams: number;
  readonly waits: number;
  readonly rounds: number;
  readonly steadyEvents: number;
  readonly history: { readonly resolved: number; readonly pending: number };
}

export const FULL: Scale = {
  repeats: 3,
  pairs: 5,
  seconds: 5,
  warmUpSeconds: 1,
  settleMs: 2000,
  subscribers: 1000,
  idleStreams: 5000,
  waits: 10_000,
  rounds: 1000,
  steadyEvents: 200,
  history: { resolved: 1_000_000, pending: 100_000 },
};

/** Proves that everything works, in less than a minute, and measures nothing worth keeping. */
export const QUICK: Scale = {
  repeats: 1,
  pairs: 1,
  seconds: 0.5,
  warmUpSeconds: 0.1,
  settleMs: 100,
  subscribers: 100,
  idleStreams: 200,
  waits: 500,
  rounds: 50,
  steadyEvents: 20,
  history: { resolved: 1000, pending: 100 },
};
