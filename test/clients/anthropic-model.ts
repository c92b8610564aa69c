import { sendEvents, sendJson, startLoopbackServer } from './loopback-server.ts';
import { type Script, type ScriptedModel, Told, type ToolResult } from './scripted-model.ts';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly tool_use_id?: string;
  readonly content?: string | readonly Block[];
  readonly is_error?: boolean;
}

interface MessagesRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages: readonly { readonly role: string; readonly content: string | readonly Block[] }[];
}

const CALL_ID = /^toolu_scripted_(\d+)$/;

/** The part of Anthropic's Messages API that Claude Code asks for. */
export async function startAnthropicModel(script: Script): Promise<ScriptedModel> {
  const told = new Told(script);
  const { url, close } = await startLoopbackServer(({ method, path, body }, response) => {
    if (method === 'POST' && path === '/v1/messages/count_tokens') {
      sendJson(response, 200, { input_tokens: 100 });
    } else if (method === 'POST' && path === '/v1/messages') {
      const request = JSON.parse(body) as MessagesRequest;
      for (const [place, result] of resultsIn(request)) told.take(place, result);
      const message = messageFor(request, told);
      if (request.stream === true) sendEvents(response, eventsOf(message));
      else sendJson(response, 200, message);
    } else {
      sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: 'not here' } });
    }
  });
  return { url, told, close };
}

function resultsIn({ messages }: MessagesRequest): [place: number, ToolResult][] {
  return messages
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .flatMap(({ type, tool_use_id, content, is_error }) => {
      const [, place] = CALL_ID.exec(tool_use_id ?? '') ?? [];
      if (type !== 'tool_result' || place === undefined) return [];
      return [[Number(place), { isError: is_error === true, text: textOf(content) }]];
    });
}

function textOf(content: Block['content']): string {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return content.map(({ text }) => text ?? '').join('\n');
}

function messageFor({ model, tools = [] }: MessagesRequest, { next }: Told) {
  // The program also asks for titles and summaries, with other tools or with none.
  const offered = new Set(tools.map(({ name }) => name));
  const calls = next
    .filter(({ tool }) => offered.has(tool))
    .map(({ place, tool, input }) => ({
      type: 'tool_use' as const,
      id: `toolu_scripted_${place}`,
      name: tool,
      input,
    }));
  return {
    id: `msg_scripted_${next[0]?.place ?? 'last'}`,
    type: 'message',
    role: 'assistant',
    model,
    content: calls.length > 0 ? calls : [{ type: 'text' as const, text: 'I am done.' }],
    stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 10 },
  };
}

function eventsOf(message: ReturnType<typeof messageFor>) {
  const { content, stop_reason, stop_sequence, ...rest } = message;
  return [
    { type: 'message_start', message: { ...rest, content: [], stop_reason: null, stop_sequence } },
    ...content.flatMap((block, index) => {
      const [start, delta] =
        block.type === 'text'
          ? [
              { ...block, text: '' },
              { type: 'text_delta', text: block.text },
            ]
          : [
              { ...block, input: {} },
              { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
            ];
      return [
        { type: 'content_block_start', index, content_block: start },
        { type: 'content_block_delta', index, delta },
        { type: 'content_block_stop', index },
      ];
    }),
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage: { output_tokens: 10 } },
    { type: 'message_stop' },
  ];
}
