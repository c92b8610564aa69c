import { test } from 'tap';
import { LEASE_MS, type OtherNodeRow, OtherNodes } from '../../src/journal/other-nodes.ts';

const row = (node: string, version: number, key: string | null, hasChanged = true): OtherNodeRow => ({
  node,
  version,
  hasChanged,
  key,
});

test('a session is connected while a node has it', (t) => {
  const others = new OtherNodes();
  t.notOk(others.isConnected('ui-1', 0));
  others.update([row('a', 1, 'ui-1'), row('a', 1, 'ui-2'), row('b', 5, 'ui-1'), row('c', 1, null)], 10);
  t.strictSame(others.known, { nodes: ['a', 'b', 'c'], versions: [1, 5, 1] });
  others.update([row('a', 2, 'ui-2'), row('b', 5, null, false), row('c', 1, null, false)], 20);
  t.ok(others.isConnected('ui-1', 20), 'on the other node');
  others.update([row('a', 2, null, false), row('c', 1, null, false)], 30);
  t.notOk(others.isConnected('ui-1', 30), 'whose node has gone');
  t.ok(others.isConnected('ui-2', 30));
  t.end();
});

test('without news a node is taken for dead', (t) => {
  const others = new OtherNodes();
  others.update([row('a', 1, 'ui-1')], 10);
  t.ok(others.isConnected('ui-1', 10 + LEASE_MS - 1));
  t.notOk(others.isConnected('ui-1', 10 + LEASE_MS));
  t.end();
});

test('after the table was emptied a node has time to write again', (t) => {
  const others = new OtherNodes();
  others.update([row('a', 1, 'ui-1'), row('b', 1, 'ui-2')], 10);
  others.onEmptied(100);
  others.update([], 110);
  t.ok(others.isConnected('ui-1', 110));
  others.update([row('a2', 1, 'ui-1')], 1000);
  others.update([row('a2', 1, null, false)], 7000);
  t.ok(others.isConnected('ui-1', 7000), 'under another name');
  t.notOk(others.isConnected('ui-2', 7000), 'which it has not used');
  t.end();
});
