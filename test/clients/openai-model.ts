import { sendEvents, sendJson, startLoopbackServer } from './loopback-server.ts';
import { type PlacedCall, type Script, type ScriptedModel, Told } from './scripted-model.ts';

interface ResponsesRequest {
  readonly tools?: readonly object[];
  readonly input: readonly { readonly type: string; readonly call_id?: string; readonly output?: unknown }[];
}

const CALL_ID = /^call_scripted_(\d+)$/;
const USAGE = {
  input_tokens: 10,
  input_tokens_details: null,
  output_tokens: 10,
  output_tokens_details: null,
  total_tokens: 20,
};

/** The part of OpenAI's Responses API that Codex asks for. */
export async function startOpenaiModel(script: Script): Promise<ScriptedModel> {
  const told = new Told(script);
  const { url, close } = await startLoopbackServer(({ method, path, body }, response) => {
    if (method !== 'POST' || path !== '/v1/responses') {
      sendJson(response, 404, { error: { message: 'not here' } });
      return;
    }
    const { input, tools = [] } = JSON.parse(body) as ResponsesRequest;
    for (const { type, call_id = '', output } of input) {
      const [, place] = CALL_ID.exec(call_id) ?? [];
      if (type !== 'function_call_output' || place === undefined) continue;
      const text = typeof output === 'string' ? output : JSON.stringify(output);
      told.take(Number(place), { isError: false, text });
    }
    // Codex has other talks with the model, such as about a title, where it offers no tools.
    const offered = JSON.stringify(tools);
    sendEvents(response, eventsFor(told.next.filter(({ tool }) => offered.includes(`"${tool}"`))));
  });
  return { url, told, close };
}

function eventsFor(next: readonly PlacedCall[]) {
  const id = `resp_scripted_${next[0]?.place ?? 'last'}`;
  const calls = next.map(({ place, tool, namespace, input }) => ({
    type: 'function_call',
    id: `fc_scripted_${place}`,
    call_id: `call_scripted_${place}`,
    name: tool,
    ...(namespace === undefined ? {} : { namespace }),
    arguments: JSON.stringify(input),
  }));
  const done = {
    type: 'message',
    role: 'assistant',
    id: 'msg_scripted',
    content: [{ type: 'output_text', text: 'I am done.' }],
  };
  const items = calls.length > 0 ? calls : [done];
  return [
    { type: 'response.created', response: { id } },
    ...items.map((item, output_index) => ({ type: 'response.output_item.done', output_index, item })),
    { type: 'response.completed', response: { id, usage: USAGE } },
  ];
}
