import { createInterface } from 'node:readline';
import type { Program } from './programs.ts';
import type { Stage } from './stage.ts';

interface Hook {
  readonly key: string;
  readonly currentHash: string;
}

/**
 * What a person does with `/hooks` in Codex: trusts the hooks that are configured, as they are now. Done with the
 * program's own server for editors (`codex app-server`: JSON-RPC, a message a line).
 */
export async function trustHooks(
  stage: Stage,
  command: Program['command'],
  { project, env }: { readonly project: string; readonly env: Record<string, string> },
): Promise<void> {
  const { child, ended } = stage.spawn([...command, 'app-server'], project, env, { stdin: 'pipe' });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('codex app-server has no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const send = (message: object) => stdin.write(`${JSON.stringify(message)}\n`);
  let lastId = 0;
  const call = async (method: string, params: object) => {
    const id = ++lastId;
    send({ id, method, params });
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`codex app-server ended before it answered ${method}`);
      const message = JSON.parse(value);
      if (message.id !== id) continue;
      if (message.error) throw new Error(`codex app-server: ${method}: ${JSON.stringify(message.error)}`);
      return message.result;
    }
  };

  await call('initialize', { clientInfo: { name: 'sallyport-tests', version: '1' } });
  send({ method: 'initialized' });
  const { data } = await call('hooks/list', { cwds: [project] });
  const hooks: Hook[] = data[0].hooks;
  const trusted = Object.fromEntries(
    hooks.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]),
  );
  const edit = { keyPath: 'hooks.state', value: trusted, mergeStrategy: 'upsert' };
  await call('config/batchWrite', { edits: [edit], reloadUserConfig: true });
  stdin.end();
  child.kill();
  await ended;
}
