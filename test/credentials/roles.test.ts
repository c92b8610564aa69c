import { test } from 'tap';
import { allows, highestRole, isRole, PERMISSIONS, type Permission } from '../../src/credentials/roles.ts';
import { ROLES } from '../../src/model/role.ts';

test('who may do what', async (t) => {
  const table = Object.fromEntries(
    (Object.keys(PERMISSIONS) as Permission[]).map((permission) => [
      permission,
      ROLES.filter((role) => allows(role, permission)).join(' '),
    ]),
  );
  t.strictSame(table, {
    read: 'viewer agent operator admin',
    'agents.write': 'agent operator admin',
    'approvals.create-system-level': 'agent operator admin',
    'approvals.create-owned': 'operator admin',
    'approvals.wait': 'agent operator admin',
    'approvals.cancel-own': 'agent operator admin',
    'events.notify': 'agent operator admin',
    'approvals.resolve': 'operator admin',
    'agents.unregister-any': 'admin',
    'approvals.cancel-any': 'admin',
    tokens: 'admin',
  });
});

test('an agent never resolves', async (t) => {
  t.notOk(allows('agent', 'approvals.resolve'));
});

test('of several roles the highest counts, and words that are no roles do not', async (t) => {
  t.equal(highestRole(['viewer', 'admin', 'agent']), 'admin');
  t.equal(highestRole(['root', 'viewer', 7, null]), 'viewer');
  t.equal(highestRole(['Admin', 'root', undefined]), undefined);
  t.equal(highestRole([]), undefined);
  t.ok(isRole('operator'));
  t.notOk(isRole('constructor'));
  t.notOk(isRole(undefined));
});
