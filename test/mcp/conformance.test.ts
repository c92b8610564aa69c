import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { start } from '../service.ts';

const PROGRAM = fileURLToPath(new URL('../../node_modules/.bin/conformance', import.meta.url));

/** What the protocol's own test suite asks of a server that has tools. */
const SCENARIOS = [
  'server-initialize',
  'ping',
  'tools-list',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
];

for (const scenario of SCENARIOS) {
  test(`the conformance suite passes: ${scenario}`, async (t) => {
    const { url } = await start(t, { store: 'memory:' });
    const args = [PROGRAM, 'server', '--url', `${url}/mcp`, '--scenario', scenario, '--verbose'];
    const child = spawn(process.execPath, args, { cwd: t.testdir({}), stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const output = await text(child.stdout);
    t.strictSame(await exited, [0, null]);
    const checks = JSON.parse(/^\[\n.*^\]$/ms.exec(output)?.[0] as string) as {
      id: string;
      status: string;
    }[];
    t.not(checks.length, 0);
    t.strictSame(
      checks.filter(({ status }) => status !== 'SUCCESS'),
      [],
      'and warns of nothing',
    );
  });
}
