import { test } from 'tap';
import { decide } from '../../src/host/decide.ts';
import { ownerAfter } from '../../src/host/decide-agent.ts';
import { type Facts, time } from '../../src/host/decision.ts';
import { AGENT_STATUSES, type Agent } from '../../src/model/agent.ts';
import { by, NOW, notify, register, setStatus, someAgent, someFacts, unregister } from './samples.ts';

function decideOn(command: Parameters<typeof decide>[0], agent: Agent | null, facts: Partial<Facts> = {}) {
  return decide(command, { agent, approval: null }, someFacts(facts));
}

function refused(code: string, more: object) {
  return { type: 'refuse', refusal: { code, ...more } };
}

test('an agent is registered as its session describes it', (t) => {
  const described = {
    name: 'Researcher',
    kind: 'external',
    capabilities: ['search', 'read'],
    project: '/srv/app',
    pid: -1,
    display: { label: 'Lead', icon: 'lens', accent: '#0a84ff' },
    metadata: [1, null],
  };
  t.strictSame(decideOn(register('researcher-1', 'client-A', described), null, { ownerConnected: true }), {
    type: 'record',
    outcome: 'created',
    kind: 'agent.registered',
    agentId: 'researcher-1',
    message: 'Researcher registered',
    becomes: {
      agent: {
        ...described,
        id: 'researcher-1',
        session_id: 'client-A',
        principal: null,
        connected: true,
        status: 'idle',
        current_task: null,
        updated_at: time(NOW),
      },
    },
  });
  t.end();
});

test('what is not said about an agent is empty', (t) => {
  const empty = {
    id: 'worker',
    name: 'Worker',
    kind: 'test',
    capabilities: [],
    project: null,
    session_id: 'client-A',
    principal: null,
    connected: false,
    status: 'idle',
    current_task: null,
    pid: null,
    display: { label: null, icon: null, accent: null },
    updated_at: time(NOW),
    metadata: null,
  };
  for (const said of [
    {},
    { project: null, pid: null, metadata: null, display: {} },
    { display: { icon: null } },
  ]) {
    t.hasStrict(decideOn(register('worker', 'client-A', { name: 'Worker', ...said }), null), {
      becomes: { agent: empty },
    });
  }
  t.hasStrict(decideOn(register('worker', 'client-A', { display: { label: 'Lead' } }), null), {
    becomes: { agent: { display: { label: 'Lead', icon: null, accent: null } } },
  });
  t.hasStrict(decideOn(register('worker', 'client-A', { metadata: false, pid: 0 }), null), {
    becomes: { agent: { metadata: false, pid: 0 } },
  });
  t.end();
});

test('the same session registers an agent again, and replaces all of it', (t) => {
  const decision = decideOn(register('worker', 'client-A', { name: 'Renamed' }), someAgent());
  t.hasStrict(decision, {
    type: 'record',
    outcome: 'changed',
    kind: 'agent.registered',
    message: 'Renamed registered',
    becomes: {
      agent: {
        name: 'Renamed',
        status: 'idle',
        current_task: null,
        capabilities: [],
        metadata: null,
        pid: null,
      },
    },
  });
  t.end();
});

test('another session does not take an agent over', (t) => {
  const agent = someAgent();
  t.strictSame(
    decideOn(register('worker', 'client-B'), agent),
    refused('agent-owned-by-another-session', { agent, registering: true, by: by('client-B') }),
  );
  t.end();
});

test('every status is recorded, with what the agent is doing and when', (t) => {
  for (const status of AGENT_STATUSES) {
    const agent = someAgent();
    t.strictSame(
      decideOn(setStatus('worker', 'client-A', { status, current_task: 'Rest' }), agent, {
        ownerConnected: true,
      }),
      {
        type: 'record',
        outcome: 'changed',
        kind: 'agent.status_changed',
        agentId: 'worker',
        message: `Worker is ${status}`,
        becomes: {
          agent: { ...agent, status, current_task: 'Rest', connected: true, updated_at: time(NOW) },
        },
      },
    );
  }
  t.end();
});

test('a status without a task ends the task', (t) => {
  for (const current_task of [undefined, null]) {
    const said = current_task === undefined ? {} : { current_task };
    t.hasStrict(decideOn(setStatus('worker', 'client-A', { status: 'idle', ...said }), someAgent()), {
      becomes: { agent: { current_task: null } },
    });
  }
  t.end();
});

test("a status has the request's message, else one of its own", (t) => {
  for (const [message, recorded] of [
    ['On it', 'On it'],
    ['', ''],
    [null, 'Worker is running'],
  ] as const) {
    t.hasStrict(decideOn(setStatus('worker', 'client-A', { status: 'running', message }), someAgent()), {
      message: recorded,
    });
  }
  t.end();
});

test("a status has the request's payload, else the agent", (t) => {
  for (const payload of [{ step: 3 }, 0, false, '', []]) {
    t.hasStrict(decideOn(setStatus('worker', 'client-A', { status: 'running', payload }), someAgent()), {
      payload,
    });
  }
  for (const request of [{ status: 'running' }, { status: 'running', payload: null }] as const) {
    t.notOk('payload' in decideOn(setStatus('worker', 'client-A', request), someAgent()));
  }
  t.end();
});

test('a status of an unknown agent, or from another session, is refused', (t) => {
  const agent = someAgent();
  t.strictSame(
    decideOn(setStatus('worker', 'client-A', { status: 'idle' }), null),
    refused('agent-not-found', { agentId: 'worker' }),
  );
  t.strictSame(
    decideOn(setStatus('worker', 'client-B', { status: 'idle' }), agent),
    refused('agent-owned-by-another-session', { agent, registering: false, by: by('client-B') }),
  );
  t.end();
});

test('its session unregisters an agent, and nobody else does', (t) => {
  const agent = someAgent();
  t.strictSame(decideOn(unregister('worker', 'client-A'), agent), {
    type: 'record',
    outcome: 'changed',
    kind: 'agent.unregistered',
    agentId: 'worker',
    message: 'worker unregistered',
    payload: null,
    becomes: { unregistered: 'worker' },
  });
  t.strictSame(
    decideOn(unregister('worker', 'client-B'), agent),
    refused('agent-owned-by-another-session', { agent, registering: false, by: by('client-B') }),
  );
  t.strictSame(
    decideOn(unregister('worker', 'client-A'), null),
    refused('agent-not-found', { agentId: 'worker' }),
  );
  t.end();
});

const PRINCIPALS = [null, 'token:ann', 'token:bob'];

test('an agent belongs to the session and the principal that registered it, whoever else takes the name', (t) => {
  for (const maker of PRINCIPALS) {
    for (const caller of PRINCIPALS) {
      const agent = someAgent({ principal: maker });
      const isOwn = maker === caller || maker === null;
      for (const command of [
        register('worker', by('client-A', caller)),
        setStatus('worker', by('client-A', caller), { status: 'idle' }),
        unregister('worker', by('client-A', caller)),
      ]) {
        const decision = decideOn(command, agent, { ownerConnected: true });
        if (isOwn) {
          t.hasStrict(
            decision,
            { type: 'record', outcome: 'changed' },
            `${command.type}: ${maker}, ${caller}`,
          );
        } else {
          t.strictSame(
            decision,
            refused('agent-owned-by-another-session', {
              agent: { ...agent, connected: true },
              registering: command.type === 'register-agent',
              by: command.by,
            }),
            `${command.type}: ${maker}, ${caller}`,
          );
        }
      }
    }
  }
  t.end();
});

test("an agent that was registered without a principal is nobody's for those who have one", (t) => {
  const agent = someAgent();
  const ann = by('client-B', 'token:ann');
  t.hasStrict(decideOn(register('worker', ann), agent, { ownerConnected: true }), {
    outcome: 'changed',
    kind: 'agent.registered',
    becomes: { agent: { session_id: 'client-B', principal: 'token:ann', connected: true } },
  });
  t.hasStrict(
    decideOn(setStatus('worker', ann, { status: 'idle' }), agent),
    { becomes: { agent: { session_id: 'client-A', principal: null, status: 'idle' } } },
    'a status takes nothing over',
  );
  t.hasStrict(decideOn(unregister('worker', ann), agent), { becomes: { unregistered: 'worker' } });
  t.end();
});

test('an agent is registered for the principal that uses the session', (t) => {
  t.hasStrict(decideOn(register('worker', by('client-A', 'token:ann')), null), {
    outcome: 'created',
    becomes: { agent: { session_id: 'client-A', principal: 'token:ann' } },
  });
  t.end();
});

test('an administrator unregisters any agent that there is', (t) => {
  for (const agent of [someAgent(), someAgent({ principal: 'token:ann' })]) {
    t.strictSame(
      decideOn(unregister('worker', by('root', 'token:root'), true), agent),
      decideOn(unregister('worker', by('client-A', agent.principal)), agent),
      'as its owner would',
    );
  }
  t.strictSame(
    decideOn(unregister('worker', by('root', 'token:root'), true), null),
    refused('agent-not-found', { agentId: 'worker' }),
  );
  t.end();
});

test('it is the owner after a command whose connection counts', (t) => {
  const ann = by('client-B', 'token:ann');
  const bobs = someAgent({ principal: 'token:bob' });
  for (const [command, agent, owner] of [
    [register('worker', ann), someAgent(), ann],
    [register('worker', ann), bobs, by('client-A', 'token:bob')],
    [setStatus('worker', ann, { status: 'idle' }), someAgent(), by('client-A')],
    [unregister('worker', ann, true), bobs, by('client-A', 'token:bob')],
  ] as const) {
    t.strictSame(ownerAfter(command, agent), owner);
  }
  t.end();
});

test('a notification is recorded as it is', (t) => {
  t.strictSame(decideOn({ ...notify('Hi', 'deploy.started', { version: 2 }), agentId: 'worker' }, null), {
    type: 'record',
    outcome: 'created',
    kind: 'deploy.started',
    agentId: 'worker',
    message: 'Hi',
    payload: { version: 2 },
    becomes: { nothing: true },
  });
  t.end();
});
