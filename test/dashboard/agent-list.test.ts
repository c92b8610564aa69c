import { test } from 'tap';
import {
  agentFilterOf,
  agentQueryOf,
  CHOICES_MAX,
  choicesOf,
  connectionTest,
  foundAgents,
  inOrder,
  inPlace,
  isAway,
  isFiltered,
  type Surroundings,
  waitingByAgent,
} from '../../src/dashboard/agents/agent-list.ts';
import type { Agent } from '../../src/model/agent.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { ConnectedSession } from '../../src/model/session.ts';

const NOW = Date.parse('2026-11-25T12:00:00.000Z');

function agent(id: string, changes: Partial<Agent> = {}): Agent {
  return {
    id,
    name: id,
    kind: 'builtin',
    capabilities: [],
    project: null,
    session_id: 'owner',
    principal: null,
    connected: false,
    status: 'idle',
    current_task: null,
    pid: null,
    display: { label: null, icon: null, accent: null },
    updated_at: '2026-11-25T11:59:00.000Z',
    metadata: null,
    ...changes,
  };
}

function around(changes: Partial<Surroundings> = {}): Surroundings {
  return { isConnected: () => false, waiting: new Map(), now: NOW, ...changes };
}

const ids = (agents: readonly Agent[]) => agents.map(({ id }) => id);

test('a filter of agents is in the address, and comes back from it', async (t) => {
  const none = agentFilterOf(new URLSearchParams());
  t.notOk(isFiltered(none));
  t.equal(String(agentQueryOf(none)), '');
  const filter = { text: 'a b', status: 'idle', kind: 'k&', project: '/srv', connected: 'yes' };
  t.strictSame(agentFilterOf(agentQueryOf(filter)), filter);
  t.ok(isFiltered(filter));
});

test('agents are found by their words and by what they are', async (t) => {
  const agents = [
    agent('a', { status: 'running', project: '/srv/app', current_task: 'Collect FACTS' }),
    agent('b', {
      kind: 'external',
      capabilities: ['search'],
      display: { label: 'Lead', icon: null, accent: null },
    }),
    agent('c', { session_id: 'there' }),
  ];
  const find = (filter: object) =>
    ids(
      foundAgents(
        agents,
        { ...agentFilterOf(new URLSearchParams()), ...filter },
        around({ isConnected: ({ session_id }) => session_id === 'there' }),
      ),
    );
  t.strictSame(find({}), ['a', 'b', 'c']);
  t.strictSame(find({ text: 'facts collect' }), ['a']);
  t.strictSame(find({ text: 'lead search' }), ['b']);
  t.strictSame(find({ text: 'nothing' }), []);
  t.strictSame(find({ status: 'running' }), ['a']);
  t.strictSame(find({ kind: 'external' }), ['b']);
  t.strictSame(find({ project: '/srv/app' }), ['a']);
  t.strictSame(find({ connected: 'yes' }), ['c']);
  t.strictSame(find({ connected: 'no' }), ['a', 'b']);
});

test('what needs a person comes first, what is gone last, by name among equals', async (t) => {
  const long = '2026-11-25T11:00:00.000Z';
  const agents = [
    agent('stopped', { status: 'stopped' }),
    agent('gone', { status: 'running', updated_at: long }),
    agent('idle'),
    agent('running-2', { name: 'b', status: 'running' }),
    agent('running-1', { name: 'B', status: 'running' }),
    agent('running-0', { name: 'a', status: 'running' }),
    agent('running-3', { name: 'c', status: 'running' }),
    agent('waits', { status: 'waiting_for_approval' }),
    agent('asked', { name: 'A', status: 'stopped', updated_at: long }),
  ];
  t.strictSame(ids(inOrder(agents, around({ waiting: new Map([['asked', 1]]) }))), [
    'asked',
    'waits',
    'running-0',
    'running-1',
    'running-2',
    'running-3',
    'idle',
    'stopped',
    'gone',
  ]);
});

test('an agent is away when its owner is not connected and it was silent for ten minutes', async (t) => {
  const at = (minutes: number) => agent('a', { updated_at: new Date(NOW - minutes * 60_000).toISOString() });
  t.notOk(isAway(at(10), around()));
  t.ok(isAway(at(11), around()));
  t.notOk(isAway(at(11), around({ isConnected: () => true })));
});

test('an owner is connected if a stream is of its session and its principal', async (t) => {
  const session = (session_id: string, principal: string | null) =>
    ({ session_id, principal }) as ConnectedSession;
  const before = connectionTest([]);
  t.ok(before(agent('a', { connected: true })), 'before the sessions were read: as the agent says');
  t.notOk(before(agent('a')));
  const isConnected = connectionTest([session('owner', 'token:x'), session('open', null)]);
  t.ok(isConnected(agent('a')));
  t.ok(isConnected(agent('a', { principal: 'token:x' })));
  t.notOk(isConnected(agent('a', { principal: 'token:y' })), 'another one with a session of that name');
  t.notOk(isConnected(agent('a', { session_id: 'other', connected: true })));
});

test('those that stay keep their places, new ones come at the end', async (t) => {
  t.strictSame(ids(inPlace(['c', 'gone', 'a'], [agent('a'), agent('b'), agent('c')])), ['c', 'a', 'b']);
});

test('pending approvals are counted by agent', async (t) => {
  const asked = ['a', 'b', null, 'a'].map((agent_id) => ({ agent_id }) as Approval);
  t.strictSame(
    [...waitingByAgent(asked)],
    [
      ['a', 2],
      ['b', 1],
    ],
  );
});

test('there is a bounded number of kinds and projects to choose from', async (t) => {
  const few = choicesOf([
    agent('a', { project: '/b' }),
    agent('b', { project: '' }),
    agent('c', { project: '/a' }),
  ]);
  t.strictSame(few.projects, ['/a', '/b']);
  t.strictSame(few.kinds, ['builtin']);
  t.strictSame([...few.statuses], [['idle', 3]]);
  const many = Array.from({ length: 2 * CHOICES_MAX }, (_, index) =>
    agent(`a${index}`, { kind: `k${index}`, project: `p${index}` }),
  );
  t.equal(choicesOf(many).kinds.length, CHOICES_MAX);
  t.equal(choicesOf(many).projects.length, CHOICES_MAX);
});
