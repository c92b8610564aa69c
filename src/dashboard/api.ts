import type { Approval } from '../model/approval.ts';
import type { Me } from '../model/me.ts';
import { sessionId } from './session.ts';

/** An answer of the service, or what stood in its way. */
export interface Answer<T> {
  /** 0: it cannot be reached. */
  readonly status: number;
  readonly body: T;
  /** A sentence that says what went wrong; '' if nothing did. */
  readonly problem: string;
  readonly code: string;
}

/** What a refusal carries of the approval that it is about. */
export interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly approval?: Approval;
}

/** An answer that takes longer than this is taken for none. */
const LIMIT_MS = 20_000;

export function readMe(): Promise<Answer<Me>> {
  return get<Me>('/me');
}

export function readApproval(id: string): Promise<Answer<Approval & Problem>> {
  return get(`/approvals/${encodeURIComponent(id)}`);
}

/** A page of anything that can be read: for the views that page back. */
export function get<T>(path: string): Promise<Answer<T>> {
  return call<T>('GET', path);
}

export function resolve(
  id: string,
  resolution: string,
  comment: string | null,
): Promise<Answer<Approval & Problem>> {
  return call('POST', `/approvals/${encodeURIComponent(id)}/resolve`, { resolution, comment });
}

/** Of another session: for administrators. */
export function unregister(id: string): Promise<Answer<Problem>> {
  return call('DELETE', `/agents/${encodeURIComponent(id)}`);
}

export function logout(): Promise<Answer<unknown>> {
  return call('POST', '/logout', {});
}

async function call<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
  try {
    const answer = await fetch(path, {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(LIMIT_MS),
      headers: { 'X-Session-Id': sessionId(), ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const read = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : {};
    const { detail, code } = read as Problem;
    const problem = answer.ok ? '' : (detail ?? `${answer.status} ${answer.statusText}`);
    return { status: answer.status, body: read, problem, code: answer.ok ? '' : (code ?? '') };
  } catch {
    return { status: 0, body: {} as T, problem: '', code: '' };
  }
}
