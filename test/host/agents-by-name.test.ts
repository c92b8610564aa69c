import { test } from 'tap';
import { AgentsByName, compareCodePoints } from '../../src/host/agents-by-name.ts';
import { randomBelow, randomFrom } from './random.ts';
import { someAgent } from './samples.ts';

let seq = 0;

function held(id: string, name: string) {
  seq += 1;
  return { agent: someAgent({ id, name }), seq };
}

function idsFrom(agents: AgentsByName, position: { name: string; id: string } | null): string[] {
  return [...agents.from(position)].map(({ agent }) => agent.id);
}

test('strings are ordered by code point', (t) => {
  // U+FB01 is a ligature; U+1F600 and U+1F601 are faces, of two UTF-16 units each, the first of them the same.
  const ordered = [
    '',
    '0',
    'A',
    'Aa',
    'B',
    'a',
    'ab',
    'aﬁ',
    'a😀',
    'a😁',
    'b',
    'é',
    '\uE000',
    'ﬁ',
    '😀',
    '😀a',
    '😁',
  ];
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) {
      t.equal(Math.sign(compareCodePoints(a, b)), Math.sign(i - j), `'${a}' and '${b}'`);
    }
  }
  t.end();
});

test('agents come by name, then by id', (t) => {
  const agents = new AgentsByName();
  for (const [id, name] of [
    ['c', 'Same'],
    ['e', '😀'],
    ['a', 'Same'],
    ['d', 'ﬁ'],
    ['b', 'Same'],
    ['f', 'Other'],
    ['B', 'Same'],
  ] as const) {
    agents.set(held(id, name));
  }
  t.strictSame(idsFrom(agents, null), ['f', 'B', 'a', 'b', 'c', 'd', 'e']);
  t.strictSame(
    agents.all().map(({ agent }) => agent.id),
    idsFrom(agents, null),
  );
  t.equal(agents.size, 7);
  t.equal(agents.get('d')?.agent.name, 'ﬁ');
  t.equal(agents.get('x'), undefined);
  t.end();
});

test('a page goes on after a position, whether its agent is still there or not', (t) => {
  const agents = new AgentsByName();
  for (const name of ['Ann', 'Bob', 'Cid']) {
    agents.set(held(name.toLowerCase(), name));
  }
  t.strictSame(idsFrom(agents, { name: 'Ann', id: 'ann' }), ['bob', 'cid']);
  t.strictSame(idsFrom(agents, { name: 'Cid', id: 'cid' }), []);
  t.strictSame(idsFrom(agents, { name: 'Bob', id: 'a' }), ['bob', 'cid']);
  t.strictSame(idsFrom(agents, { name: 'Bob', id: 'z' }), ['cid']);
  t.strictSame(idsFrom(agents, { name: 'Zoe', id: 'zoe' }), []);
  agents.delete('bob');
  t.strictSame(idsFrom(agents, { name: 'Bob', id: 'bob' }), ['cid']);
  agents.delete('bob');
  t.equal(agents.size, 2, 'deleting twice is once');
  t.end();
});

test('a renamed agent moves, and one that keeps its name is replaced in its place', (t) => {
  const agents = new AgentsByName();
  for (const name of ['Ann', 'Bob', 'Cid']) {
    agents.set(held(name.toLowerCase(), name));
  }
  const replaced = held('bob', 'Bob');
  agents.set(replaced);
  t.equal(agents.get('bob'), replaced);
  t.equal([...agents.from({ name: 'Ann', id: 'ann' })][0], replaced);
  agents.set(held('ann', 'Dan'));
  t.strictSame(idsFrom(agents, null), ['bob', 'cid', 'ann']);
  agents.set(held('ann', 'Abe'));
  t.strictSame(idsFrom(agents, null), ['ann', 'bob', 'cid']);
  t.equal(agents.size, 3);
  t.end();
});

test('a list that is taken does not change any more', (t) => {
  const agents = new AgentsByName();
  agents.set(held('a', 'Ann'));
  const all = agents.all();
  agents.delete('a');
  t.equal(all.length, 1);
  t.end();
});

test('the order is that of a sorted list, whatever is loaded, set, renamed and deleted', (t) => {
  const random = randomFrom(7420);
  const names = ['', 'a', 'ab', 'Z', 'ﬁ', '😀', '😀a', '😁', 'é'];
  const some = () => names[randomBelow(random, names.length)] as string;
  const model = new Map<string, string>();
  const agents = new AgentsByName();
  const loaded = Array.from({ length: 40 }, (_, index) => held(`agent-${index}`, some()));
  agents.load(loaded.slice());
  for (const { agent } of loaded) {
    model.set(agent.id, agent.name);
  }
  const sorted = () =>
    [...model]
      .sort((a, b) => Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])) || (a[0] < b[0] ? -1 : 1))
      .map(([id]) => id);
  t.strictSame(idsFrom(agents, null), sorted(), 'UTF-8 sorts by code point');
  for (let step = 0; step < 2000; step++) {
    const id = `agent-${randomBelow(random, 60)}`;
    if (random() < 0.3) {
      agents.delete(id);
      model.delete(id);
    } else {
      const name = some();
      agents.set(held(id, name));
      model.set(id, name);
    }
    if (idsFrom(agents, null).join() !== sorted().join()) {
      t.strictSame(idsFrom(agents, null), sorted(), `step ${step}`);
    }
  }
  t.equal(agents.size, model.size);
  t.end();
});
