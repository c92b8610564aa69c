import { type ConnectedSession, Sallyport, SallyportError } from '../client/index.ts';
import { actorName } from './approval-line.ts';
import type { ClientSettings } from './client-settings.ts';
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
  const settings = context.settings();
  const { url, token, session } = settings;
  const client = clientOf(context);
  const trouble = await client.ready().then(
    () => null,
    (error) => error,
  );
  if (trouble !== null && !(trouble instanceof SallyportError && trouble.status === 503)) {
    throw trouble;
  }
  const [version, figures, principal] = await Promise.all([
    client.version(),
    readFigures(client),
    readPrincipal(settings),
  ]);
  const status = {
    url,
    ready: trouble === null,
    version,
    ...figures,
    session,
    principal,
    credential: token !== null,
  };
  if (json) {
    await screen.printJson(status);
    return status.ready ? EXIT.done : EXIT.failed;
  }
  const state =
    trouble === null ? screen.ink('green', 'up') : screen.ink('red', `not ready: ${visible(trouble.detail)}`);
  await screen.print(`Sallyport ${visible(version)} at ${url} is ${state}.`);
  await screen.print(
    `You are ${visible(actorName({ session_id: session, principal }))}${token === null ? ', without a credential' : ''}.`,
  );
  await screen.print(
    `${figures.pending} approvals pending, ${figures.agents} agents, ${figures.waits} waits, ${figures.streams} streams; ${figures.events} events so far.`,
  );
  return status.ready ? EXIT.done : EXIT.failed;
}

async function readFigures(client: Sallyport) {
  const text = await client.metrics();
  const read = (name: string) =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const figures = Object.entries(FIGURES).map(([key, name]) => [key, read(name)]);
  return Object.fromEntries(figures) as Record<keyof typeof FIGURES, number>;
}

/** Whom the service takes this credential for: a stream that is opened for a moment tells. */
async function readPrincipal(settings: ClientSettings): Promise<string | null> {
  const session = `status-${crypto.randomUUID()}`;
  const client = new Sallyport({ ...settings, session });
  const stop = new AbortController();
  const found = Promise.withResolvers<string | null>();
  const stream = client.events({
    presence: true,
    kind: 'session.presence',
    signal: stop.signal,
    onOpen: () => found.resolve(client.sessions().then((sessions) => principalIn(sessions, session))),
    onDisconnect: (error) => found.reject(error),
  });
  // There are no such events: the stream ends with the signal, or with what the service has against it.
  stream[Symbol.asyncIterator]().next().catch(found.reject);
  return found.promise.finally(() => stop.abort());
}

function principalIn(sessions: readonly ConnectedSession[], session: string): string | null {
  return sessions.find(({ session_id }) => session_id === session)?.principal ?? null;
}
