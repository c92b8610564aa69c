import { type Test, test } from 'tap';
import { type Started, start } from '../service.ts';
import { isProblem } from './problems.ts';

const EMOJI = '\u{1f600}';

interface Rule {
  readonly field: string;
  readonly takes: readonly unknown[];
  readonly refuses: readonly unknown[];
  /** The field that the problem names, where it is inside of `field`. */
  readonly names?: string;
}

type Base = Record<string, unknown>;
type Send = (body: Base) => ReturnType<Started['client']['post']>;

const isMissing = Symbol('not given');

/** Tries every value in `base`: those that are refused change nothing. */
async function holds(t: Test, { client }: Started, send: Send, base: Base, rules: readonly Rule[]) {
  for (const { field, takes, refuses, names = field } of rules) {
    const body = (value: unknown) => {
      const { [field]: _, ...rest } = base;
      return value === isMissing ? rest : { ...base, [field]: value };
    };
    for (const value of takes) {
      const { status, text } = await send(body(value));
      t.ok(status < 300, `${field} ${JSON.stringify(value)?.slice(0, 40)}: ${status} ${text.slice(0, 200)}`);
    }
    const before = (await client.get('/events?limit=1')).text;
    for (const value of refuses) {
      isProblem(t, await send(body(value)), 400, 'validation-failed', [names]);
    }
    t.equal((await client.get('/events?limit=1')).text, before, `${field}: nothing has changed`);
  }
  isProblem(t, await send({ ...base, unknown: 1 }), 400, 'validation-failed', ['unknown']);
}

/** A text of `least` to `most` characters. */
function text(field: string, least: number, most: number, nullable: boolean): Rule {
  return {
    field,
    takes: ['x'.repeat(least), EMOJI.repeat(most), ...(nullable ? [null] : [])],
    refuses: [
      ...(least > 0 ? ['x'.repeat(least - 1)] : []),
      EMOJI.repeat(most + 1),
      5,
      true,
      ['x'],
      {},
      ...(nullable ? [] : [null]),
    ],
  };
}

const ANYTHING = [null, 0, 'x', false, [], {}, { a: [1] }];

function json(field: string): Rule {
  return { field, takes: [...ANYTHING, isMissing], refuses: [] };
}

function name(field: string, nullable: boolean): Rule {
  const refuses = ['', 'x'.repeat(129), 'a b', 'a/b', 'caf\u00e9', 'a\n', 5, ...(nullable ? [] : [null])];
  const takes = ['a', 'AZaz09._:-', 'x'.repeat(128), isMissing, ...(nullable ? [null] : [])];
  return { field, takes, refuses };
}

test('POST /agents is strict', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const send: Send = (body) => service.client.post('/agents', body);
  await holds(t, service, send, { name: 'n', kind: 'k' }, [
    name('id', false),
    text('name', 1, 200, false),
    { field: 'name', takes: [], refuses: [isMissing] },
    text('kind', 1, 100, false),
    { field: 'kind', takes: [], refuses: [isMissing] },
    {
      field: 'capabilities',
      takes: [[], Array(100).fill('x'), [EMOJI.repeat(100)], isMissing],
      refuses: [Array(101).fill('x'), 'x', null, {}],
    },
    {
      field: 'capabilities',
      takes: [],
      refuses: [
        ['a', ''],
        ['a', EMOJI.repeat(101)],
        ['a', 1],
      ],
      names: 'capabilities.1',
    },
    text('project', 0, 1000, true),
    {
      field: 'pid',
      takes: [null, 0, -1, 1.0, 2 ** 53 - 1, isMissing],
      refuses: [1.5, '5', 2 ** 53, true, []],
    },
    {
      field: 'display',
      takes: [{}, { label: null, icon: '', accent: EMOJI.repeat(1000) }, isMissing],
      refuses: [null, 'x', [], 5],
    },
    {
      field: 'display',
      takes: [],
      refuses: [{ label: 5 }, { label: 'x'.repeat(1001) }],
      names: 'display.label',
    },
    { field: 'display', takes: [], refuses: [{ colour: 'x' }], names: 'display.colour' },
    json('metadata'),
  ]);
  for (const field of ['session_id', 'principal', 'connected', 'status', 'current_task', 'updated_at']) {
    const answer = await send({ name: 'n', kind: 'k', [field]: 'idle' });
    isProblem(t, answer, 400, 'validation-failed', [field]);
  }
});

test('PUT /agents/{id}/status is strict', async (t) => {
  const service = await start(t, { store: 'memory:' });
  await service.client.post('/agents', { id: 'a', name: 'n', kind: 'k' });
  const send: Send = (body) => service.client.put('/agents/a/status', body);
  await holds(t, service, send, { status: 'idle' }, [
    {
      field: 'status',
      takes: ['idle', 'running', 'waiting_for_approval', 'paused', 'completed', 'errored', 'stopped'],
      refuses: ['Idle', 'idle ', '', 'connected', null, 1, ['idle'], isMissing],
    },
    text('current_task', 0, 1000, true),
    text('message', 0, 1000, true),
    json('payload'),
  ]);
});

const ASKED: readonly Rule[] = [
  name('agent_id', true),
  text('action', 1, 500, false),
  { field: 'action', takes: [], refuses: [isMissing] },
  json('details'),
  {
    field: 'options',
    takes: [
      [],
      ['approve'],
      ['approve', ...Array.from({ length: 19 }, (_, index) => `option ${index}`)],
      ['approve', EMOJI.repeat(100)],
      isMissing,
    ],
    refuses: [
      ['approve', ...Array.from({ length: 20 }, (_, index) => `option ${index}`)],
      ['approve', 'approve'],
      'approve',
      null,
      {},
    ],
  },
  {
    field: 'options',
    takes: [],
    refuses: [
      ['approve', ''],
      ['approve', 'x'.repeat(101)],
      ['approve', 1],
    ],
    names: 'options.1',
  },
  {
    field: 'approve_label',
    takes: ['approve', 'deny', isMissing],
    refuses: ['yes', 'Approve', '', 'x'.repeat(101), null, 1],
  },
  {
    field: 'expires_in_ms',
    takes: [1000, 31_536_000_000, null, isMissing],
    refuses: [0, -1, 31_536_000_001, 1.5, '1000', true],
  },
];

test('POST /approvals is strict', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const send: Send = (body) => service.client.post('/approvals', body);
  await holds(t, service, send, { action: 'a' }, [
    ...ASKED,
    { field: 'system_level', takes: [true, false, isMissing], refuses: ['true', 1, null] },
  ]);
  isProblem(t, await send({ action: 'a', timeout_ms: 1 }), 400, 'validation-failed', ['timeout_ms']);
  isProblem(t, await send({ action: 'a', expires_in_ms: null, client_id: 'x' }), 400, 'validation-failed', [
    'client_id',
  ]);
});

test('POST /approvals/wait is strict', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const send: Send = (body) => service.client.post('/approvals/wait', body);
  await holds(t, service, send, { action: 'a', timeout_ms: 0 }, [
    ...ASKED,
    { field: 'timeout_ms', takes: [0, 1], refuses: [-1, 600_001, 1.5, '5', null, true] },
  ]);
  const system = await send({ action: 'a', timeout_ms: 0, system_level: true });
  isProblem(t, system, 400, 'validation-failed', ['system_level']);
});

test('POST /approvals/{id}/resolve and /cancel are strict', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const made = async () => (await client.post('/approvals', { action: 'a' })).body.id;
  const pending = await made();
  for (const resolution of ['', EMOJI.repeat(101), null, 1, ['deny'], undefined]) {
    const answer = await client.post(`/approvals/${pending}/resolve`, { resolution });
    isProblem(t, answer, 400, 'validation-failed', ['resolution']);
  }
  for (const comment of [EMOJI.repeat(2001), 5, [], {}]) {
    for (const [what, body] of [
      ['resolve', { resolution: 'deny', comment }],
      ['cancel', { comment }],
    ] as const) {
      const answer = await client.post(`/approvals/${pending}/${what}`, body);
      isProblem(t, answer, 400, 'validation-failed', ['comment']);
    }
  }
  const odd = await client.post(`/approvals/${pending}/cancel`, { resolution: 'deny' });
  isProblem(t, odd, 400, 'validation-failed', ['resolution']);
  const outcome = await client.post(`/approvals/${pending}/resolve`, { resolution: 'deny', outcome: 'x' });
  isProblem(t, outcome, 400, 'validation-failed', ['outcome']);
  t.equal((await client.get(`/approvals/${pending}`)).body.status, 'pending', 'nothing has changed');

  for (const comment of [EMOJI.repeat(2000), '', null]) {
    const resolved = await client.post(`/approvals/${await made()}/resolve`, { resolution: 'deny', comment });
    t.match(resolved, { status: 200, body: { comment } });
    const cancelled = await client.post(`/approvals/${await made()}/cancel`, { comment });
    t.match(cancelled, { status: 200, body: { comment } });
  }
});

test('POST /events is strict', async (t) => {
  const service = await start(t, { store: 'memory:' });
  const send: Send = (body) => service.client.post('/events', body);
  await holds(t, service, send, {}, [
    {
      field: 'kind',
      takes: [
        'a',
        'deploy.started',
        'a-z_0.9',
        'x'.repeat(100),
        'agent',
        'host',
        'agents.x',
        'host.notification',
        isMissing,
      ],
      refuses: ['', 'x'.repeat(101), 'Deploy', 'a b', 'a/b', 'caf\u00e9', 'a.*', null, 5],
    },
    {
      field: 'kind',
      takes: [],
      refuses: [
        'agent.x',
        'approval.requested',
        'session.a',
        'host.x',
        'host.notification.x',
        'host.',
        'agent.',
      ],
    },
    name('agent_id', true),
    text('message', 0, 1000, true),
    json('payload'),
  ]);
});

test('DELETE takes no field', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  await client.post('/agents', { id: 'a', name: 'n', kind: 'k' });
  isProblem(t, await client.delete('/agents/a', { body: { force: true } }), 400, 'validation-failed', [
    'force',
  ]);
  t.equal((await client.delete('/agents/a', { body: {} })).status, 204);
});

test('every field that is wrong is told with what it must be', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const wrong = async (body: unknown) => (await client.post('/agents', body)).body.errors[0].message;
  t.equal(await wrong({ kind: 'k' }), 'is required');
  t.equal(await wrong({ name: 'n', kind: 'k', x: 1 }), 'is not known here');
  t.equal(await wrong({ name: 5, kind: 'k' }), 'must be string');
  t.equal(await wrong({ name: 'n', kind: 'k', pid: 'x' }), 'must be integer or null');
  t.equal(await wrong({ name: '', kind: 'k' }), 'must not have fewer than 1 characters');
  t.match((await client.get('/agents?status=x')).body.errors[0].message, /^must be one of idle, running, /);
});

/** Texts that are numbers to somebody, but not whole ones as the contract writes them. */
const ODD_NUMBERS = [
  '1e2',
  '%205',
  '5%20',
  '05',
  '%2B5',
  '5.0',
  '5.5',
  '0x5',
  '',
  '-',
  '5,',
  'NaN',
  '10000000000000000',
];

test('queries are as strict as bodies', async (t) => {
  const { client } = await start(t, { store: 'memory:' });
  const { body: approval } = await client.post('/approvals', { action: 'a' });
  const wait = `/approvals/${approval.id}/wait`;
  const refused = async (path: string, query: string, field: string) => {
    isProblem(t, await client.get(`${path}?${query}`), 400, 'validation-failed', [field]);
  };
  for (const path of [
    '/agents',
    '/approvals',
    '/events',
    '/sessions',
    `/approvals/${approval.id}`,
    '/agents/a',
  ]) {
    await refused(path, 'unknown=1', 'unknown');
  }
  for (const [path, field] of [
    ['/agents', 'limit'],
    ['/approvals', 'limit'],
    ['/events', 'limit'],
    ['/events', 'before'],
    ['/events', 'after'],
    [wait, 'timeout_ms'],
  ] as const) {
    for (const text of [...ODD_NUMBERS, '-1']) {
      await refused(path, `${field}=${text}`, field);
    }
    await refused(path, `${field}=1&${field}=1`, field);
    t.equal((await client.get(`${path}?${field}=1`)).status, 200, `${path} ${field}`);
  }
  for (const [path, most] of [
    ['/agents', 500],
    ['/approvals', 500],
    ['/events', 1000],
  ] as const) {
    await refused(path, 'limit=0', 'limit');
    await refused(path, `limit=${most + 1}`, 'limit');
    t.equal((await client.get(`${path}?limit=${most}`)).status, 200, `${path} ${most}`);
  }
  await refused(wait, 'timeout_ms=600001', 'timeout_ms');
  await refused('/events', 'after=9007199254740992', 'after');
  t.equal((await client.get('/events?after=9007199254740991')).status, 200);

  for (const field of ['status', 'kind', 'project', 'capability', 'cursor']) {
    await refused('/agents', `${field}=idle&${field}=idle`, field);
  }
  await refused('/agents', 'status=IDLE', 'status');
  await refused('/agents', `kind=${'x'.repeat(101)}`, 'kind');
  await refused('/agents', `capability=${'x'.repeat(101)}`, 'capability');
  await refused('/agents', `project=${'x'.repeat(1001)}`, 'project');
  await refused('/approvals', 'status=pending&status=done', 'status');
  await refused('/approvals', 'status=', 'status');
  await refused('/approvals', 'agent_id=a%20b', 'agent_id');
  await refused('/approvals', 'decided_by=', 'decided_by');
  await refused('/approvals', 'order=down', 'order');
  await refused('/approvals', 'order=asc&order=asc', 'order');
  for (const field of ['created_after', 'created_before']) {
    for (const time of [
      '',
      'yesterday',
      '2026-11-23',
      '2026-11-23T10:15:30',
      '1700000000000',
      '2026-02-30T00:00:00Z',
      '2016-12-31T23:59:60Z',
    ]) {
      await refused('/approvals', `${field}=${time}`, field);
    }
    t.equal((await client.get(`/approvals?${field}=2026-11-23T10:15:30.123Z`)).status, 200);
    t.equal((await client.get(`/approvals?${field}=2026-11-23T10:15:30%2B01:00`)).status, 200);
  }
  for (const kind of ['', '*', '.*', 'a.**', 'A', 'approval.*.x', `${'x'.repeat(101)}`]) {
    await refused('/events', `kind=${encodeURIComponent(kind)}`, 'kind');
    await refused('/events/stream', `kind=host.notification&kind=${encodeURIComponent(kind)}`, 'kind');
  }
  await refused('/events', Array(51).fill('kind=a').join('&'), 'kind');
  await refused('/events', 'agent_id=', 'agent_id');
  for (const snapshot of ['', '1', 'TRUE', 'yes']) {
    await refused('/events/stream', `snapshot=${snapshot}`, 'snapshot');
  }
  await refused('/events/stream', 'unknown=1', 'unknown');
  for (const [path, body] of [
    ['/agents', { name: 'n', kind: 'k' }],
    ['/approvals', { action: 'a' }],
    ['/approvals/wait', { action: 'a', timeout_ms: 0 }],
    [`/approvals/${approval.id}/resolve`, { resolution: 'deny' }],
    [`/approvals/${approval.id}/cancel`, {}],
    ['/events', {}],
  ] as const) {
    const answer = await client.post(`${path}?timeout_ms=0`, body);
    isProblem(t, answer, 400, 'validation-failed', ['timeout_ms']);
  }
  const put = await client.put('/agents/a/status?status=idle', { status: 'idle' });
  isProblem(t, put, 400, 'validation-failed', ['status']);
  isProblem(t, await client.delete('/agents/a?force=true'), 400, 'validation-failed', ['force']);
  t.equal((await client.get('/events')).body.events.length, 1, 'nothing was recorded');
});
