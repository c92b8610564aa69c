/** A place in a log, as a client hands it back. */
export interface Position {
  /** Null: a bare `seq`, taken as of this log. */
  readonly epoch: string | null;
  readonly seq: number;
}

const POSITION = /^(?:([0-9a-f]{8})-)?([0-9]{1,20})$/;

/** Reads `7f3a9c21-41` or a bare `41`. Undefined: it is neither. */
export function parsePosition(text: string): Position | undefined {
  const match = POSITION.exec(text);
  return match === null ? undefined : { epoch: match[1] ?? null, seq: Number(match[2]) };
}

/** True if every event after `position` is still kept, in this log. */
export function canResume(position: Position, log: { epoch: string; floor: number; seq: number }): boolean {
  const isThisLog = position.epoch === null || position.epoch === log.epoch;
  return isThisLog && position.seq >= log.floor && position.seq <= log.seq;
}
