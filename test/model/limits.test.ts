import type { TSchema } from '@sinclair/typebox';
import { test } from 'tap';
import { Agent, RegisterAgent, SetAgentStatus } from '../../src/model/agent.ts';
import {
  Approval,
  CancelApproval,
  CreateApproval,
  ResolveApproval,
  WaitForNewApproval,
} from '../../src/model/approval.ts';
import { Event, isReservedKind, KindFilter, Notify } from '../../src/model/event.ts';
import { AgentsQuery, ApprovalsQuery, EventsQuery, StreamQuery, WaitQuery } from '../../src/model/page.ts';
import { Problem } from '../../src/model/problem.ts';
import { belongsToAnother, SessionId, sameActor } from '../../src/model/session.ts';
import { errorsOf, isValid } from './checks.ts';

/** A code point of two UTF-16 units and four bytes of UTF-8. */
const FACE = '😀';
const AGENT = { name: 'Worker', kind: 'test' };
const APPROVAL = { action: 'Run tests' };

function list(length: number, item: (index: number) => unknown = String): unknown[] {
  return Array.from({ length }, (_, index) => item(index));
}

/** Text fields and how long they are, in code points. */
const TEXTS: [schema: TSchema, field: string, min: number, max: number, rest: object][] = [
  [RegisterAgent, 'name', 1, 200, AGENT],
  [RegisterAgent, 'kind', 1, 100, AGENT],
  [RegisterAgent, 'project', 0, 1000, AGENT],
  [SetAgentStatus, 'current_task', 0, 1000, { status: 'idle' }],
  [SetAgentStatus, 'message', 0, 1000, { status: 'idle' }],
  [CreateApproval, 'action', 1, 500, APPROVAL],
  [CreateApproval, 'approve_label', 1, 100, APPROVAL],
  [WaitForNewApproval, 'action', 1, 500, APPROVAL],
  [ResolveApproval, 'resolution', 1, 100, { resolution: 'deny' }],
  [ResolveApproval, 'comment', 0, 2000, { resolution: 'deny' }],
  [CancelApproval, 'comment', 0, 2000, {}],
  [Notify, 'message', 0, 1000, {}],
];

test('text is as long as promised, in code points', (t) => {
  for (const [schema, field, min, max, rest] of TEXTS) {
    const errors = (length: number) => errorsOf(schema, { ...rest, [field]: FACE.repeat(length) });
    const name = `${schema.title}.${field}`;
    t.strictSame(errors(min), [], `${name} of ${min}`);
    t.strictSame(errors(max), [], `${name} of ${max}`);
    t.strictSame(errors(max + 1), [`/${field} maxLength`], `${name} of ${max + 1}`);
    if (min > 0) {
      t.strictSame(errors(min - 1), [`/${field} minLength`], `${name} of ${min - 1}`);
    }
    for (const value of [1, true, {}, []]) {
      t.strictSame(errorsOf(schema, { ...rest, [field]: value }), [`/${field} type`], `${name} ${value}`);
    }
  }
  t.end();
});

test('what an agent says of itself has limits', (t) => {
  for (const [value, errors] of [
    [{}, []],
    [{ capabilities: [] }, []],
    [{ capabilities: list(100) }, []],
    [{ capabilities: list(101) }, ['/capabilities maxItems']],
    [{ capabilities: [''] }, ['/capabilities/0 minLength']],
    [{ capabilities: [FACE.repeat(101)] }, ['/capabilities/0 maxLength']],
    [{ capabilities: null }, ['/capabilities type']],
    [{ pid: null }, []],
    [{ pid: 4711 }, []],
    [{ pid: 1.5 }, ['/pid type']],
    [{ pid: '4711' }, ['/pid type']],
    [{ project: null }, []],
    [{ name: null }, ['/name type']],
    [{ display: {} }, []],
    [{ display: { label: null, icon: FACE.repeat(1000), accent: '' } }, []],
    [{ display: { accent: FACE.repeat(1001) } }, ['/display/accent maxLength']],
    [{ display: { colour: 'red' } }, ['/display/colour additionalProperties']],
    [{ display: null }, ['/display type']],
    [{ metadata: { any: [1, null, 'thing'] } }, []],
    [{ metadata: null }, []],
    [{ metadata: 0 }, []],
    [{ session_id: 'client-A' }, ['/session_id additionalProperties']],
    [{ status: 'idle' }, ['/status additionalProperties']],
  ] as const) {
    t.strictSame(errorsOf(RegisterAgent, { ...AGENT, ...value }), errors, JSON.stringify(value).slice(0, 80));
  }
  t.strictSame(errorsOf(RegisterAgent, {}), ['/name required', '/kind required']);
  t.end();
});

test('an agent has one of seven statuses', (t) => {
  const statuses = ['idle', 'running', 'waiting_for_approval', 'paused', 'completed', 'errored', 'stopped'];
  for (const status of statuses) {
    t.ok(isValid(SetAgentStatus, { status }), status);
    t.ok(isValid(AgentsQuery, { status }), status);
  }
  for (const status of ['Idle', '', 'busy', null, 1]) {
    t.notOk(isValid(SetAgentStatus, { status }), `${status}`);
  }
  t.strictSame(errorsOf(SetAgentStatus, {}), ['/status required']);
  t.ok(isValid(SetAgentStatus, { status: 'idle', current_task: null, message: null, payload: null }));
  t.end();
});

test('what is asked of a person has limits', (t) => {
  for (const [value, errors] of [
    [{}, []],
    [{ options: [] }, []],
    [{ options: list(20) }, []],
    [{ options: list(21) }, ['/options maxItems']],
    [{ options: ['a', 'a'] }, ['/options uniqueItems']],
    [{ options: [''] }, ['/options/0 minLength']],
    [{ options: [FACE.repeat(100)] }, []],
    [{ options: [FACE.repeat(101)] }, ['/options/0 maxLength']],
    [{ options: 'approve' }, ['/options type']],
    [{ options: null }, ['/options type']],
    [{ agent_id: null }, []],
    [{ agent_id: 'not-registered' }, []],
    [{ agent_id: 'a b' }, ['/agent_id pattern']],
    [{ details: { any: [1, null, 'thing'] } }, []],
    [{ details: null }, []],
    [{ details: false }, []],
    [{ expires_in_ms: null }, []],
    [{ expires_in_ms: 1 }, []],
    [{ expires_in_ms: 31_536_000_000 }, []],
    [{ expires_in_ms: 0 }, ['/expires_in_ms minimum']],
    [{ expires_in_ms: 31_536_000_001 }, ['/expires_in_ms maximum']],
    [{ expires_in_ms: 1.5 }, ['/expires_in_ms type']],
    [{ expires_in_ms: '1' }, ['/expires_in_ms type']],
    [{ client_id: 'x' }, ['/client_id additionalProperties']],
  ] as const) {
    for (const schema of [CreateApproval, WaitForNewApproval]) {
      t.strictSame(errorsOf(schema, { ...APPROVAL, ...value }), errors, JSON.stringify(value).slice(0, 80));
    }
  }
  t.strictSame(errorsOf(CreateApproval, {}), ['/action required']);
  t.strictSame(errorsOf(CreateApproval, { ...APPROVAL, system_level: true }), []);
  t.strictSame(errorsOf(CreateApproval, { ...APPROVAL, system_level: 'true' }), ['/system_level type']);
  t.strictSame(errorsOf(CreateApproval, { ...APPROVAL, timeout_ms: 1 }), [
    '/timeout_ms additionalProperties',
  ]);
  t.strictSame(errorsOf(WaitForNewApproval, { ...APPROVAL, system_level: true }), [
    '/system_level additionalProperties',
  ]);
  t.end();
});

test('a wait is at most ten minutes', (t) => {
  for (const [timeout_ms, errors] of [
    [0, []],
    [600_000, []],
    [600_001, ['/timeout_ms maximum']],
    [-1, ['/timeout_ms minimum']],
    [0.5, ['/timeout_ms type']],
    ['55000', ['/timeout_ms type']],
    [null, ['/timeout_ms type']],
  ] as const) {
    t.strictSame(errorsOf(WaitForNewApproval, { ...APPROVAL, timeout_ms }), errors, `${timeout_ms}`);
    t.strictSame(errorsOf(WaitQuery, { timeout_ms }), errors, `${timeout_ms}`);
  }
  t.end();
});

test('a name is 1-128 letters, digits and . _ : -', (t) => {
  const good = ['a', 'Z', '0', '.', '_', ':', '-', 'client-A', 'a'.repeat(128)];
  const bad = [
    '',
    'a'.repeat(129),
    'a b',
    'é',
    FACE,
    'a/b',
    'a\n',
    '\na',
    'a"',
    'a\\',
    '%20',
    'a,b',
    null,
    1,
  ];
  for (const [names, expected] of [
    [good, true],
    [bad, false],
  ] as const) {
    for (const name of names) {
      const text = JSON.stringify(name);
      t.equal(isValid(SessionId, name), expected, text);
      t.equal(isValid(RegisterAgent, { ...AGENT, id: name }), expected, text);
      t.equal(isValid(StreamQuery, { session_id: name }), expected, text);
      if (name !== null) {
        t.equal(isValid(Notify, { agent_id: name }), expected, text);
      }
    }
  }
  t.end();
});

test('a kind of event is 1-100 of a-z 0-9 . _ -, and a family of kinds ends in .*', (t) => {
  for (const kind of ['a', '0', '.', '_', '-', 'deploy.started', 'k'.repeat(100)]) {
    t.ok(isValid(Notify, { kind }), kind);
    t.ok(isValid(KindFilter, kind), kind);
    t.ok(isValid(KindFilter, `${kind}.*`), `${kind}.*`);
  }
  for (const kind of ['', 'A', 'a b', 'k'.repeat(101), 'é', 'a\n', 'a"', null]) {
    t.notOk(isValid(Notify, { kind }), `${kind}`);
    t.notOk(isValid(KindFilter, kind), `${kind}`);
    t.notOk(isValid(KindFilter, `${kind === null ? 'A' : kind}.*`), `${kind}.*`);
  }
  for (const kind of ['*', '.*', 'a*', '*.a', 'a.*.*', 'a.**', 'a.*b']) {
    t.notOk(isValid(Notify, { kind }), kind);
    t.equal(isValid(KindFilter, kind), false, kind);
  }
  t.end();
});

test('kinds of the host are reserved, but for its notification', (t) => {
  for (const [kind, isReserved] of [
    ['agent.registered', true],
    ['agent.', true],
    ['approval.mine', true],
    ['session.x', true],
    ['host.started', true],
    ['host.notifications', true],
    ['host.notification.x', true],
    ['host.notification', false],
    ['agent', false],
    ['host', false],
    ['agents.x', false],
    ['my.agent.x', false],
    ['deploy.started', false],
  ] as const) {
    t.equal(isReservedKind(kind), isReserved, kind);
  }
  t.end();
});

test('a request that names nothing is complete where nothing is required', (t) => {
  for (const schema of [
    Notify,
    CancelApproval,
    AgentsQuery,
    ApprovalsQuery,
    EventsQuery,
    StreamQuery,
    WaitQuery,
  ]) {
    t.strictSame(errorsOf(schema, {}), []);
    t.strictSame(errorsOf(schema, { unknown: 1 }), ['/unknown additionalProperties']);
  }
  t.ok(isValid(Notify, { agent_id: null, message: null, payload: null }));
  t.ok(isValid(CancelApproval, { comment: null }));
  t.strictSame(errorsOf(ResolveApproval, {}), ['/resolution required']);
  t.strictSame(errorsOf(ResolveApproval, { resolution: 'approve', comment: null }), []);
  t.end();
});

test('a page has a limit', (t) => {
  for (const [schema, max] of [
    [AgentsQuery, 500],
    [ApprovalsQuery, 500],
    [EventsQuery, 1000],
  ] as const) {
    t.ok(isValid(schema, { limit: 1 }));
    t.ok(isValid(schema, { limit: max }));
    t.strictSame(errorsOf(schema, { limit: max + 1 }), ['/limit maximum']);
    t.strictSame(errorsOf(schema, { limit: 0 }), ['/limit minimum']);
    t.strictSame(errorsOf(schema, { limit: 1.5 }), ['/limit type']);
  }
  t.end();
});

test('a query of history or events is checked field by field', (t) => {
  for (const [schema, query, errors] of [
    [ApprovalsQuery, { status: ['pending', 'resolved', 'expired', 'cancelled'] }, []],
    [ApprovalsQuery, { status: ['open'] }, ['/status/0 enum']],
    [ApprovalsQuery, { order: 'asc' }, []],
    [ApprovalsQuery, { order: 'desc' }, []],
    [ApprovalsQuery, { order: 'newest' }, ['/order enum']],
    [ApprovalsQuery, { decided_by: '' }, ['/decided_by minLength']],
    [ApprovalsQuery, { decided_by: 'ann@example.com' }, []],
    [ApprovalsQuery, { created_after: '2026-11-23T10:15:30.123Z' }, []],
    [ApprovalsQuery, { created_before: '2026-11-23T10:15:30+01:00' }, []],
    [ApprovalsQuery, { created_after: '2026-11-23' }, ['/created_after format']],
    [ApprovalsQuery, { created_before: 'yesterday' }, ['/created_before format']],
    [ApprovalsQuery, { cursor: '' }, ['/cursor minLength']],
    [ApprovalsQuery, { cursor: 'x'.repeat(2001) }, ['/cursor maxLength']],
    [EventsQuery, { before: 0, after: 0 }, []],
    [EventsQuery, { before: Number.MAX_SAFE_INTEGER }, []],
    [EventsQuery, { before: -1 }, ['/before minimum']],
    [EventsQuery, { after: 1.5 }, ['/after type']],
    [EventsQuery, { after: 2 ** 53 }, ['/after maximum']],
    [EventsQuery, { kind: ['approval.*', 'x'] }, []],
    [EventsQuery, { kind: ['*'] }, ['/kind/0 pattern']],
    [EventsQuery, { kind: list(51, () => 'x') }, ['/kind maxItems']],
    [StreamQuery, { snapshot: true, last_event_id: '7f3a9c21-41', kind: ['a.*'], agent_id: 'worker' }, []],
    [StreamQuery, { snapshot: 'yes' }, ['/snapshot type']],
  ] as const) {
    t.strictSame(errorsOf(schema, query), errors, JSON.stringify(query).slice(0, 80));
  }
  t.end();
});

test('what the service answers with has every field, and no other', (t) => {
  for (const schema of [Agent, Approval, Event, Problem]) {
    const example = schema.examples[0] as Record<string, unknown>;
    t.strictSame(errorsOf(schema, { ...example, more: 1 }), ['/more additionalProperties']);
    for (const field of Object.keys(example)) {
      const { [field]: _, ...rest } = example;
      t.strictSame(errorsOf(schema, rest), [`/${field} required`]);
    }
  }
  t.end();
});

test('ids are made of their prefix and at least 12 hex digits', (t) => {
  const approval = Approval.examples[0];
  const event = Event.examples[0];
  for (const [digits, expected] of [
    ['0123456789ab', true],
    ['0123456789abcdef0123456789abcdef', true],
    ['0123456789a', false],
    ['0123456789AB', false],
    ['0123456789ag', false],
  ] as const) {
    t.equal(isValid(Approval, { ...approval, id: `approval-${digits}` }), expected, digits);
    t.equal(isValid(Event, { ...event, id: `event-${digits}` }), expected, digits);
  }
  t.notOk(isValid(Approval, { ...approval, id: 'event-0123456789ab' }));
  t.end();
});

test('what another session or principal made is its own, and what nobody proved to have made is free', (t) => {
  for (const [made, caller, sameName, otherName] of [
    [null, null, false, true],
    [null, 'ann', false, false],
    ['ann', null, true, true],
    ['ann', 'ann', false, true],
    ['ann', 'bob', true, true],
  ] as const) {
    const maker = { session_id: 'ui-1', principal: made };
    const isOthers = (session_id: string) => belongsToAnother(maker, { session_id, principal: caller });
    t.strictSame([isOthers('ui-1'), isOthers('ui-2')], [sameName, otherName], `${made}, ${caller}`);
  }
  t.end();
});

test('two actors are the same if the session and the principal are', (t) => {
  const ann = { session_id: 'ui-1', principal: 'ann' };
  const nobody = { session_id: 'ui-1', principal: null };
  t.ok(sameActor(ann, { ...ann }));
  t.ok(sameActor(nobody, { ...nobody }));
  t.notOk(sameActor(ann, nobody));
  t.notOk(sameActor(ann, { ...ann, principal: 'bob' }));
  t.notOk(sameActor(ann, { ...ann, session_id: 'ui-2' }));
  t.notOk(sameActor(null, ann));
  t.notOk(sameActor(ann, null));
  t.notOk(sameActor(null, null), 'nobody is not the same as nobody');
  t.end();
});
