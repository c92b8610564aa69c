import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import type { Test } from 'tap';

export interface ToolAnswer {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text: string }[];
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into it.
  readonly structuredContent?: any;
}

export interface Called {
  /** Resolves when the question is there: its id. */
  readonly asked: Promise<string>;
  readonly answer: Promise<ToolAnswer>;
  readonly progress: Progress[];
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly resetTimeoutOnProgress?: boolean;
}

/** The SDK's own client, connected over a real socket; closed with the test. */
export class McpClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;

  static async connect(t: Test, url: string, token?: string, name = 'test-client'): Promise<McpClient> {
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } });
    const client = new Client({ name, version: '1.2.3' });
    await client.connect(transport);
    t.teardown(() => client.close());
    return new McpClient(client, transport);
  }

  private constructor(client: Client, transport: StreamableHTTPClientTransport) {
    this.client = client;
    this.transport = transport;
  }

  /** Calls a tool; the promises are to be awaited by the test. */
  call(name: string, args: Record<string, unknown>, options: CallOptions = {}): Called {
    const asked = Promise.withResolvers<string>();
    const progress: Progress[] = [];
    const onprogress = (told: Progress) => {
      progress.push(told);
      asked.resolve(/approval-\w+/.exec(String(told.message))?.[0] as string);
    };
    const answer = this.client.callTool({ name, arguments: args }, undefined, { onprogress, ...options });
    return { asked: asked.promise, answer: answer as Promise<ToolAnswer>, progress };
  }

  /** Calls a tool that answers without asking anybody. */
  async told(name: string, args: Record<string, unknown>): Promise<ToolAnswer> {
    return (await this.client.callTool({ name, arguments: args })) as ToolAnswer;
  }
}

/** The one text of an answer. */
export function textOf({ content }: ToolAnswer): string {
  const [block, ...more] = content;
  if (block?.type !== 'text' || more.length > 0) {
    throw new Error(`not one text: ${JSON.stringify(content)}`);
  }
  return block.text;
}
