import type { Test } from 'tap';
import type { Started } from '../service.ts';
import { Command, type CommandOptions } from './command.ts';

/** Asks, and somebody picks `resolution` as soon as it is there. */
export async function decided(
  t: Test,
  service: Started,
  resolution: string,
  args: readonly string[] = ['Deploy?'],
  options: CommandOptions = {},
) {
  const stream = await service.stream('/events/stream?kind=approval.requested');
  await stream.hello();
  const asking = new Command(t, ['ask', ...args], { url: service.url, ...options });
  const { data } = await stream.frame((frame) => frame.data?.kind === 'approval.requested');
  await service.client.post(`/approvals/${data.payload.id}/resolve`, { resolution, comment: 'so be it' });
  return { exit: await asking.exited, approval: data.payload };
}
