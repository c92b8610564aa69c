import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate } from './gate.ts';
import type { Stage } from './stage.ts';

/** A file for `claude --mcp-config`, with the service under each of these names. */
export function writeMcpConfig(stage: Stage, { url }: Gate, names = ['sallyport']): string {
  const server = {
    type: 'http',
    url: `${url}/mcp`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code puts the variable in.
    headers: { Authorization: 'Bearer ${SALLYPORT_TOKEN}' },
  };
  const file = join(stage.folder('config'), 'mcp.json');
  writeFileSync(
    file,
    JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, server])) }),
  );
  return file;
}
