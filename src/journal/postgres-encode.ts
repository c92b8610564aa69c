import type { ApprovalChange, Change, Conflict, EntityChange } from '../host/journal.ts';
import type { CommitResult } from './group-commit.ts';
import { binaryArray, type Value } from './postgres-arrays.ts';
import { APPEND_COLUMNS } from './postgres-functions.ts';

/** The arrays that `append` takes, one for each of `APPEND_COLUMNS`. */
export function encodeColumns(changes: readonly Change[]): Buffer[] {
  const rounds = new Rounds();
  const rows = changes.map((change) => valuesOf(change, rounds.of(change.entity)));
  return APPEND_COLUMNS.map(([, type], column) =>
    binaryArray(
      type,
      rows.map((row) => row[column] as Value),
    ),
  );
}

/** What `append` has answered. */
export interface Written {
  /** Of the group, among those of its writer. */
  readonly number: number;
  readonly first: number;
  readonly floor: number;
  readonly conflicts: readonly {
    readonly place: number;
    readonly version: number;
    readonly approval_id: string | null;
    readonly request: string;
  }[];
}

export function decodeWritten({ first, conflicts }: Written): CommitResult {
  return {
    first,
    conflicts: new Map(
      conflicts.map(({ place, version, approval_id, request }): [number, Conflict] => [
        place,
        approval_id === null
          ? { conflict: 'version', version }
          : { conflict: 'key', approvalId: approval_id, request },
      ]),
    ),
  };
}

/** Text as the database can hold it: it has no NUL. Names that nobody checks are written and looked up like this. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u2400');
}

/** In the order of `APPEND_COLUMNS`. */
function valuesOf({ id, kind, agentId, timestamp, head, payload, entity }: Change, round: number): Value[] {
  const event = [id, kind, agentId, timestamp, head, payload];
  if (entity === null) return [...event, null, null, null, null, null, null, null, null, null, null, round];
  const state = entity.state === payload ? null : entity.state;
  const subject = [`${entity.type}:${entity.id}`, entity.expected, state];
  const rest =
    entity.type === 'agent'
      ? [entity.state === null ? 'gone' : 'open', null, null, null, null, null, null]
      : approvalValues(entity);
  return [...event, ...subject, ...rest, round];
}

function approvalValues({ status, createdAt, expiresAt, decidedBy, key }: ApprovalChange): Value[] {
  // What is pending has no decider.
  const by = status === 'pending' ? null : decidedBy;
  const principal = by?.principal == null ? null : storable(by.principal);
  return [
    status,
    createdAt,
    expiresAt,
    by?.session_id ?? null,
    // A principal that is called like its session is found by the session's name already.
    principal === by?.session_id ? null : principal,
    key?.id ?? null,
    key?.request ?? null,
  ];
}

/** A round for each change, never falling: within one, no two changes are about the same entity or key. */
class Rounds {
  #round = 0;
  readonly #taken = new Set<string>();

  of(entity: EntityChange | null): number {
    if (entity === null) return this.#round;
    const names = [`${entity.type}:${entity.id}`];
    if (entity.type === 'approval' && entity.key !== null) names.push(`key:${entity.key.id}`);
    if (names.some((name) => this.#taken.has(name))) {
      this.#round += 1;
      this.#taken.clear();
    }
    for (const name of names) this.#taken.add(name);
    return this.#round;
  }
}
