import type { Answer, Client } from '../client.ts';
import type { EventStream } from '../event-stream.ts';
import { until } from '../http/parts.ts';
import type { Started } from '../service.ts';
import { bearer } from './guarded.ts';

/** What goes on under a credential: a stream, and a wait of each kind. */
export interface Opened {
  readonly stream: EventStream;
  readonly waits: readonly Promise<Answer>[];
}

/** Opens all of it with the headers; `client` sends them with the waits, and an approval `id` is waited for. */
export async function openUnder(
  service: Started,
  client: Client,
  headers: Record<string, string> = {},
): Promise<Opened> {
  const { body } = await service.client.post('/approvals', { action: 'of another', system_level: true });
  const before = await parked(service);
  const authorization = client.token === null ? {} : bearer(client.token);
  const stream = await service.stream('/events/stream', { ...authorization, ...headers });
  await stream.hello();
  const waits = [
    client.post('/approvals/wait', { action: 'Deploy?' }, { headers }),
    client.get(`/approvals/${body.id}/wait`, { headers }),
  ];
  await until(async () => (await parked(service)) === before + waits.length);
  return { stream, waits };
}

/** Resolves with the answers of the waits when all has ended; rejects if that takes more than a second. */
export async function endOf({ stream, waits }: Opened): Promise<Answer[]> {
  const begunAt = performance.now();
  const [isClean, ...answers] = await Promise.all([stream.ended, ...waits]);
  const tookMs = performance.now() - begunAt;
  if (isClean || tookMs > 1000) {
    throw new Error(`it took ${tookMs} ms, and the stream ended ${isClean ? 'cleanly' : 'by a cut'}`);
  }
  return answers;
}

/** How many waits the service has. */
export async function parked({ client }: Started): Promise<number> {
  const { text } = await client.get('/metrics');
  return Number(/^sallyport_waits (\d+)$/m.exec(text)?.[1]);
}
