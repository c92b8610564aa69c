import { allows } from '../../src/credentials/roles.ts';
import { needOf } from '../../src/http/route-permissions.ts';
import type { WireAnswer } from './answer-reader.ts';
import type { FuzzCaller } from './fuzz-callers.ts';
import type { FuzzRequest } from './fuzz-request.ts';
import type { Recorded } from './log-watch.ts';
import type { OpenApi } from './openapi.ts';

/** What whoever has no good credential may be told: that, or that the request cannot be read. */
const TO_STRANGERS = [400, 401, 408, 413, 415, 421, 429, 431];

/** Where credentials are needed: throws when somebody got what their role does not give, or learned that it is there. */
export function checkAccess(
  api: OpenApi,
  request: FuzzRequest,
  caller: FuzzCaller,
  { status, headers, body }: WireAnswer,
): void {
  const who = `'${caller.name}'`;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const operation = api.operationsAt(request.target).find((one) => one.method === method);
  const route = operation?.path.replaceAll(/\{(\w+)\}/g, ':$1') ?? pathOf(request.target);
  const need = needOf(method, route) ?? 'read';
  if (need === 'open' || need === 'sign-in') {
    return;
  }
  if (caller.role === null) {
    const isLed = status === 303;
    if (!TO_STRANGERS.includes(status) && !isLed) {
      throw new Error(`${who} has no good credential, and is told ${status}: ${body}`);
    }
  } else if (status < 300 && !allows(caller.role, need)) {
    throw new Error(`${who} may not do '${need}', and is answered ${status}: ${body}`);
  }
  const isJson = /json/.test(headers['content-type'] ?? '');
  if (status < 300 && operation !== undefined && method !== 'GET' && isJson && body.length > 0) {
    checkPrincipal(operation.operationId, caller, JSON.parse(body.toString()));
  }
}

/** What was recorded of a decision is by whoever sent the request. */
export function checkDecider({ name, principal }: FuzzCaller, news: readonly Recorded[]): void {
  for (const { kind, payload } of news) {
    const decided = kind === 'approval.resolved' || kind === 'approval.cancelled';
    if (decided && payload?.decided_by?.principal !== principal) {
      throw new Error(`'${name}' decided, and recorded is ${JSON.stringify(payload?.decided_by)}`);
    }
  }
}

interface By {
  readonly principal: string | null;
}

interface Made {
  readonly principal?: string | null;
  readonly requested_by?: By | null;
  readonly decided_by?: By | null;
  readonly resolve_requested?: By | null;
  readonly status?: string;
  readonly client_id?: string | null;
  readonly approval?: Made;
}

/** Whose it is that somebody made or decided, where the answer says so. */
function checkPrincipal(operationId: string, { name, role, principal }: FuzzCaller, made: Made): void {
  if (operationId === 'createApproval' && role === 'agent' && made.client_id !== null) {
    throw new Error(`'${name}' owns the approval that it asked for`);
  }
  const told: Record<string, string | null | undefined> = {
    registerAgent: made.principal,
    createApproval: made.requested_by?.principal,
    waitForNewApproval: made.approval?.requested_by?.principal,
    resolveApproval: (made.status === 'pending' ? made.resolve_requested : made.decided_by)?.principal,
    cancelApproval: made.decided_by?.principal,
  };
  if (operationId in told && told[operationId] !== principal) {
    throw new Error(`'${name}' is ${principal}, and the answer says ${told[operationId]}`);
  }
}

function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*/s, '');
}
