import type { Answer } from '../client.ts';

/** Text that does something wherever text is taken for more than data: a page, a terminal, a log, an event stream. */
export const POISON = [
  '<script>alert("x")</script><img src=x onerror=alert(1)><!--',
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007\u009b31m\u007f',
  '\r\ndata: {"seq":999}\r\n\r\nid: 00000000-999\revent: hello\n\nretry: 1\n\n: comment\n\n',
  '{"level":60,"msg":"forged"}\n',
  '\u2028data: x\u2029\u0085\u000b\u000c',
  '\u0000\ud800\udc00\udc00\ud800',
  '\u202etxt.exe\u202c\ufeff',
  "'; DROP TABLE events; --",
].join('');

type Call = (method: string, path: string, body: unknown) => Promise<Answer>;

/** Plants it in every field that takes free text. Resolves with how many events that makes. */
export async function plant(call: Call): Promise<number> {
  const nested = { [POISON]: [POISON, { [POISON]: POISON }] };
  const option = POISON.slice(0, 90);
  const agent = {
    id: 'poisoned',
    name: POISON.slice(0, 190),
    kind: POISON.slice(0, 100),
    capabilities: [POISON.slice(0, 100)],
    project: POISON,
    display: { label: POISON, icon: POISON, accent: POISON },
    metadata: nested,
  };
  const approval = {
    agent_id: 'poisoned',
    action: POISON,
    details: nested,
    options: [option, 'no'],
    approve_label: option,
    system_level: true,
  };
  await made(call('POST', '/agents', agent));
  await made(call('PUT', '/agents/poisoned/status', { status: 'running', current_task: POISON }));
  const status = { status: 'errored', current_task: POISON, message: POISON, payload: nested };
  await made(call('PUT', '/agents/poisoned/status', status));
  await made(call('POST', '/approvals', approval));
  const resolved = await made(call('POST', '/approvals', approval));
  await made(call('POST', `/approvals/${resolved.id}/resolve`, { resolution: option, comment: POISON }));
  const cancelled = await made(call('POST', '/approvals', approval));
  await made(call('POST', `/approvals/${cancelled.id}/cancel`, { comment: POISON }));
  await made(call('POST', '/events', { kind: 'poisoned', message: POISON, payload: nested }));
  return 9;
}

async function made(answer: Promise<Answer>) {
  const { status, body, text } = await answer;
  if (status >= 300) {
    throw new Error(`${status} ${text}`);
  }
  return body;
}
