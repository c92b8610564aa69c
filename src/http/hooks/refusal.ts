import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HOOK_EVENT_PATTERN, QUESTION_EVENTS } from '../../model/hook.ts';
import type { ProblemError } from '../problems.ts';
import { answerJson, type HookKind, refused, sendAnswer } from './answer.ts';

/** So much of a body that nobody has read yet is read to see which event asks; it comes before the tool's input. */
const HEAD_MAX_BYTES = 65_536;

/** `/hooks` and what is under it, whatever follows; a slash too many or a capital letter must not let a tool through. */
const HOOK_PATH = /^(?:https?:\/\/[^/?#]*)?\/+hooks(?:[/?#]|$)/i;
const EVENT_IN_TEXT = /"hook_event_name"\s*:\s*"(\w{1,100})"/;
const EVENT = new RegExp(HOOK_EVENT_PATTERN);
const EVENT_HINT = new RegExp(`[?&]event=(${QUESTION_EVENTS.join('|')})(?:[&#]|$)`);

/** Whose hook a request is, by what is known of it first. Undefined: it is none. */
export function hookKindOf(method: string | undefined, url: string): HookKind | undefined {
  if (method !== 'POST' || !HOOK_PATH.test(url)) {
    return undefined;
  }
  return /^[^?#]*codex/i.test(url) ? 'codex' : 'claude-code';
}

/**
 * Answers a problem as a deny. `kind`: see `hookKindOf`. The program goes on with the tool when its hook fails, so no
 * problem may reach it as one.
 */
export function refuseHook(
  kind: HookKind,
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemError,
): void {
  const send = (event: string) => {
    for (const name of ['Retry-After', 'WWW-Authenticate', 'Allow']) {
      reply.removeHeader(name);
    }
    sendAnswer(reply, denyJson(kind, event, problem), problem.code);
  };
  const { raw, body } = request;
  const event = eventIn(body);
  if (event !== undefined) {
    send(event);
  } else if (raw.readableDidRead || raw.readableEnded || isOfUncertainEnd(reply, problem)) {
    send(eventHint(request.url));
  } else {
    readHead(raw, (head) => send(eventIn(head) ?? eventHint(request.url)));
  }
}

/** Whether it is not certain where this request ends: then nothing more of it is read. */
function isOfUncertainEnd(reply: FastifyReply, { code }: ProblemError): boolean {
  // Fastify closes the connection of a body that is too large, too.
  return reply.hasHeader('Connection') && code !== 'payload-too-large';
}

/** The deny of a request that never became one for Fastify, as text. */
export function denyOfBroken(kind: HookKind, url: string, problem: ProblemError): string {
  return denyJson(kind, eventHint(url), problem);
}

function denyJson(kind: HookKind, event: string, { code, message }: ProblemError): string {
  return answerJson(kind, event, refused(code, message));
}

/** What the query says of it; a program that asks anything else takes a deny in this form for a broken one. */
function eventHint(url: string): string {
  return EVENT_HINT.exec(url)?.[1] ?? 'PreToolUse';
}

/** The event of a body that was read, or of the bytes of one that was not. */
function eventIn(body: unknown): string | undefined {
  if (Buffer.isBuffer(body)) {
    return eventIn(parsed(body)) ?? EVENT_IN_TEXT.exec(body.toString('utf8', 0, HEAD_MAX_BYTES))?.[1];
  }
  const { hook_event_name: event } = (body ?? {}) as { readonly hook_event_name?: unknown };
  return typeof event === 'string' && EVENT.test(event) ? event : undefined;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** Calls `then` with the beginning of a body, once, when it is there or nothing more comes. */
function readHead(raw: IncomingMessage, then: (head: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const finish = () => {
    raw.off('data', add).off('end', finish).off('close', finish);
    // What is left is thrown away.
    raw.resume();
    then(Buffer.concat(chunks));
  };
  const add = (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= HEAD_MAX_BYTES) {
      finish();
    }
  };
  raw.on('data', add).on('end', finish).on('close', finish);
}
