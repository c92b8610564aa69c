import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AskedApproval } from '../host/commands.ts';
import type { IdempotencyKey } from '../host/journal.ts';
import { type CreateApproval, DEFAULT_APPROVE_LABEL, DEFAULT_OPTIONS } from '../model/approval.ts';
import type { Actor } from '../model/session.ts';
import { idempotencyKeyOf } from './headers.ts';

/** Fills in the defaults, so that what is compared and what is stored is what would result. */
export function asked(request: CreateApproval, systemLevel: boolean): AskedApproval {
  const { options = [] } = request;
  return {
    agent_id: request.agent_id ?? null,
    action: request.action,
    details: request.details ?? null,
    options: options.length === 0 ? DEFAULT_OPTIONS : options,
    approve_label: request.approve_label ?? DEFAULT_APPROVE_LABEL,
    system_level: systemLevel,
    expires_in_ms: request.expires_in_ms ?? null,
  };
}

/** Null: the request has none. */
export function idempotencyKey(
  request: FastifyRequest,
  by: Actor,
  approval: AskedApproval,
): IdempotencyKey | null {
  return keyOf(idempotencyKeyOf(request), by, approval);
}

/** What a client's own key for a question is in the journal. Null: it has none. */
export function keyOf(key: string | undefined, by: Actor, approval: AskedApproval): IdempotencyKey | null {
  return key === undefined
    ? null
    : {
        id: digest(JSON.stringify([by.principal, by.session_id, key])),
        request: digest(JSON.stringify(approval, inKeyOrder)),
      };
}

/** Short and of allowed characters, whatever the text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** A `JSON.stringify` replacer: objects that differ only in the order of their keys become the same text. */
export function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
