import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate } from './gate.ts';
import type { Stage } from './stage.ts';

/** A file for `claude --mcp-config`. */
export function writeMcpConfig(stage: Stage, { url }: Gate): string {
  const server = {
    type: 'http',
    url: `${url}/mcp`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code puts the variable in.
    headers: { Authorization: 'Bearer ${SALLYPORT_TOKEN}' },
  };
  const file = join(stage.folder('config'), 'mcp.json');
  writeFileSync(file, JSON.stringify({ mcpServers: { sallyport: server } }));
  return file;
}
