import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { PERMISSIONS, type Permission } from '../../src/credentials/roles.ts';
import { needOf } from '../../src/http/route-permissions.ts';
import { ROLES } from '../../src/model/role.ts';
import { SETTINGS } from '../../src/settings.ts';

const page = read('../../docs/security.md');

test('docs/security.md says of each permission which roles have it', async (t) => {
  const rows = tableAfter(`| permission | ${ROLES.map((role) => `\`${role}\``).join(' | ')} | |`);
  const expected = (Object.keys(PERMISSIONS) as Permission[]).map((permission) => {
    const roles: readonly string[] = PERMISSIONS[permission];
    return [`\`${permission}\``, ...ROLES.map((role) => (roles.includes(role) ? 'yes' : ''))];
  });
  t.strictSame(
    rows.map((row) => row.slice(0, -1)),
    expected,
  );
});

test('docs/security.md says of each route what it needs', async (t) => {
  const rows = tableAfter('| request | needs |');
  // No route can be added that is not in that table, so it knows them all.
  const source = read('../../src/http/route-permissions.ts');
  const routes = [...source.matchAll(/^ {2}'([A-Z]+) (\/\S*)': /gm)].map(([, method, url]) => {
    const need = needOf(String(method), String(url));
    const path = String(url).replace(/:(\w+)/g, '{$1}');
    const words = { open: 'nothing', 'sign-in': 'no credential' };
    return [`\`${method} ${path}\``, words[need as keyof typeof words] ?? `\`${need}\``];
  });
  t.not(routes.length, 0);
  t.strictSame(rows, routes);
  t.equal(needOf('GET', '/docs'), 'read', 'it says so below the table');
});

test('docs/security.md says where a limit is set, and what it is by default', async (t) => {
  const rows = tableAfter('| setting | default | beyond it |').map((row) => row.slice(0, 2));
  const limits = SETTINGS.filter(({ name }) => name.startsWith('SALLYPORT_MAX_'));
  t.strictSame(
    rows,
    limits.map((limit) => [`\`${limit.name}\``, `\`${limit.default}\``]),
  );
});

test('texts about security name no setting that there is not', async (t) => {
  const names = SETTINGS.map(({ name }) => String(name));
  for (const path of ['../../docs/security.md', '../../SECURITY.md']) {
    // SALLYPORT_TOKEN is a variable of clients.
    const used = [...read(path).matchAll(/SALLYPORT_[A-Z_]*[A-Z]/g)].map(([name]) => name);
    t.not(used.length, 0);
    t.strictSame(
      used.filter((name) => name !== 'SALLYPORT_TOKEN' && !names.includes(name)),
      [],
      path,
    );
  }
});

/** The cells of the rows of the table that begins with this line. */
function tableAfter(head: string): string[][] {
  const [, rest = ''] = page.split(`${head}\n`);
  const [table = ''] = rest.split('\n\n');
  const rows = table.split('\n').slice(1);
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
