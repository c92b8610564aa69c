import type { ListAgentsQuery } from '../client/index.ts';
import { readLimit } from './approval-commands.ts';
import { actorName } from './approval-line.ts';
import { type Context, clientOf, type JsonOption } from './context.ts';
import { EXIT } from './exit.ts';

export interface AgentsFlags extends JsonOption {
  readonly status?: string;
  readonly kind?: string;
  readonly project?: string;
  readonly limit?: string;
}

const HEAD = ['ID', 'NAME', 'KIND', 'STATUS', 'CONNECTED', 'OWNER', 'TASK'];

/** `sallyport agents`: which there are, and what they do. */
export async function agentsCommand(context: Context, flags: AgentsFlags): Promise<number> {
  const { screen } = context;
  const { status, kind, project } = flags;
  const page = await clientOf(context).agents.list({
    ...(status === undefined ? {} : { status: status as NonNullable<ListAgentsQuery['status']> }),
    ...(kind === undefined ? {} : { kind }),
    ...(project === undefined ? {} : { project }),
    limit: readLimit(flags.limit),
  });
  if (flags.json) {
    await screen.printJson(page);
    return EXIT.done;
  }
  if (page.agents.length === 0) {
    screen.say('There are none.');
    return EXIT.done;
  }
  const rows = page.agents.map((agent) => [
    agent.id,
    agent.name,
    agent.kind,
    agent.status,
    agent.connected ? 'yes' : 'no',
    actorName(agent),
    agent.current_task ?? '',
  ]);
  await screen.table(HEAD, rows);
  if (page.next_cursor !== null) {
    screen.say('There are more: --limit says how many are shown.');
  }
  return EXIT.done;
}
