import { type Me, type Sallyport, SallyportError } from '../client/index.ts';
import { actorName } from './approval-line.ts';
import { type Context, clientOf, type JsonOption } from './context.ts';
import { EXIT } from './exit.ts';
import { visible } from './visible.ts';

const FIGURES = {
  pending: 'sallyport_approvals_pending',
  agents: 'sallyport_agents',
  waits: 'sallyport_waits',
  streams: 'sallyport_streams',
  events: 'sallyport_events_total',
} as const;

/** `sallyport status`: is it up, who am I there, and what is going on. Ends with `failed` when it takes no changes. */
export async function statusCommand(context: Context, { json }: JsonOption): Promise<number> {
  const { screen } = context;
  const { url, session } = context.settings();
  const client = clientOf(context);
  const trouble = await client.ready().then(
    () => null,
    (error) => error,
  );
  if (trouble !== null && !(trouble instanceof SallyportError && trouble.status === 503)) {
    throw trouble;
  }
  const [version, figures, me] = await Promise.all([client.version(), readFigures(client), client.me()]);
  const status = { url, ready: trouble === null, version, ...figures, session, ...me };
  if (json) {
    await screen.printJson(status);
    return status.ready ? EXIT.done : EXIT.failed;
  }
  const state =
    trouble === null ? screen.ink('green', 'up') : screen.ink('red', `not ready: ${visible(trouble.detail)}`);
  await screen.print(`Sallyport ${visible(version)} at ${url} is ${state}.`);
  await screen.print(whoLine(session, me));
  const { pending, agents, waits, streams, events } = figures;
  const now = `${many(pending, 'approval')} pending, ${many(agents, 'agent')}, ${many(waits, 'wait')}, ${many(streams, 'stream')}`;
  await screen.print(`${now}; ${many(events, 'event')} so far.`);
  return status.ready ? EXIT.done : EXIT.failed;
}

function many(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function whoLine(session: string, { principal, role, credential }: Me): string {
  const name = visible(actorName({ session_id: session, principal }));
  return `You are ${name}, with the role '${visible(role)}'${credential === null ? '; no credential is needed' : ''}.`;
}

async function readFigures(client: Sallyport) {
  const text = await client.metrics();
  const read = (name: string) =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const figures = Object.entries(FIGURES).map(([key, name]) => [key, read(name)]);
  return Object.fromEntries(figures) as Record<keyof typeof FIGURES, number>;
}
