import fc from 'fast-check';
import { test } from 'tap';
import type { Answer } from '../client.ts';
import { start } from '../service.ts';
import { hook, type Kind, log, permissionRequest, toolCall } from './calls.ts';

const RUNS = 1500;

/** JSON of every kind, with the members that are known here among it more often than by chance. */
const member = fc.constantFrom(...Object.keys(toolCall()), 'permission_suggestions', '__proto__', 'details');
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(null, '', '\ud800', 'x'.repeat(2000), -0, 1e308, 2 ** 70),
);
const anything = fc.oneof(
  fc.jsonValue().map((json) => JSON.stringify(json)),
  fc.dictionary(fc.oneof(member, fc.string()), value).map((json) => JSON.stringify(json)),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
/** A call that is right but for some members. */
const nearly = fc
  .tuple(fc.constantFrom(toolCall(), permissionRequest()), fc.dictionary(member, value, { maxKeys: 3 }))
  .map(([call, changes]) => JSON.stringify({ ...call, ...changes }));
/** One of which something is missing, or changed on its way. */
const damaged = fc
  .tuple(nearly, fc.nat(), fc.string({ maxLength: 4 }))
  .map(([text, at, more]) => text.slice(0, at % text.length) + more + text.slice((at % text.length) + 1));

const queries = fc.constantFrom(
  '',
  '&event=PermissionRequest',
  '&tools=Write',
  '&tools=Write&unmatched=allow',
  '&tools=*',
  '&tools=%00',
  '&nothing',
  '&wait_ms=0',
  '&=&?',
);

/** Whether the program is told something that it understands. */
function isAnswer({ status, headers, text, body }: Answer): boolean {
  const { hookSpecificOutput: output, ...rest } = body ?? { unread: true };
  const isJson =
    headers['content-type'] === 'application/json; charset=utf-8' && Object.keys(rest).length === 0;
  const isKnown =
    text === '{}' ||
    (output?.hookEventName === 'PreToolUse' &&
      ['allow', 'deny', 'ask'].includes(output.permissionDecision)) ||
    (output?.hookEventName === 'PermissionRequest' && ['allow', 'deny'].includes(output.decision?.behavior));
  return status === 200 && isJson && isKnown;
}

/** Whether it is told to go on. */
function isYes({ body, text }: Answer, kind: Kind): boolean {
  const output = body?.hookSpecificOutput;
  const isAllowed = output?.permissionDecision === 'allow' || output?.decision?.behavior === 'allow';
  return isAllowed || (kind === 'codex' && text === '{}');
}

test('whatever is sent, a hook is told what it understands, and never yes by itself', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const kinds = fc.constantFrom<Kind>('claude-code', 'codex');
  const bodies = fc.oneof(anything, nearly, damaged);
  let denied = 0;
  await fc.assert(
    fc.asyncProperty(kinds, bodies, queries, async (kind, body, query) => {
      const answer = await hook(client, body, `?wait_ms=0${query}`, kind);
      const outcome = String(answer.headers['sallyport-outcome']);
      const mayBeYes = ['unmatched', 'noted'].includes(outcome) || isToldOnly(body);
      denied += mayBeYes ? 0 : 1;
      return isAnswer(answer) && (mayBeYes || !isYes(answer, kind));
    }),
    { numRuns: RUNS },
  );
  t.ok(denied > RUNS / 4, `${denied} of them were no`);
  const kindsOfEvents = new Set(await log(client));
  t.notOk(kindsOfEvents.has('approval.resolved'));
  t.ok(kindsOfEvents.has('approval.requested'), 'some were questions');
});

/** Whether it names an event that does not ask. */
function isToldOnly(body: string | Buffer): boolean {
  const [, event] = /"hook_event_name"\s*:\s*"(\w+)"/.exec(body.toString()) ?? [];
  return event !== undefined && !['PreToolUse', 'PermissionRequest'].includes(event);
}
