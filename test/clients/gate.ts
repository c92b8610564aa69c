import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../client.ts';
import { EventStream } from '../event-stream.ts';
import { BUILT } from '../process/sallyport.ts';
import type { Ended, Running, Stage } from './stage.ts';

export interface Approval {
  readonly id: string;
  readonly agent_id: string | null;
  readonly action: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the program asked for.
  readonly details: any;
  readonly status: 'pending' | 'resolved' | 'expired' | 'cancelled';
  readonly outcome: string | null;
  readonly comment: string | null;
  readonly requested_by: { readonly session_id: string; readonly principal: string | null };
}

/** The built service as a process, with a token of each kind, and a person who watches it and decides. */
export class Gate {
  readonly url: string;
  readonly agentToken: string;
  readonly viewerToken: string;
  readonly #running: Running;
  readonly #person: Client;
  readonly #events: EventStream;
  readonly #taken = new Set<string>();

  static async start(stage: Stage, args: readonly string[] = []): Promise<Gate> {
    const store = `sqlite:${join(stage.folder('service'), 'log.db')}`;
    const tokens = makeTokens(stage);
    const settings = ['--port', '0', '--store', store, '--tokens-file', tokens.file];
    const command = [process.execPath, BUILT, ...settings, ...args];
    const running = stage.spawn(command, stage.folder('service'), { PATH: process.env.PATH ?? '' });
    const url = await listening(running);
    const person = await Client.of(url, tokens.person);
    const events = await EventStream.open(`${url}/events/stream`, {
      Authorization: `Bearer ${tokens.person}`,
    });
    stage.defer(() => {
      events.close();
      person.close();
    });
    return new Gate(url, tokens, running, person, events);
  }

  private constructor(
    url: string,
    tokens: { readonly agent: string; readonly viewer: string },
    running: Running,
    person: Client,
    events: EventStream,
  ) {
    this.url = url;
    this.agentToken = tokens.agent;
    this.viewerToken = tokens.viewer;
    this.#running = running;
    this.#person = person;
    this.#events = events;
  }

  /** The next approval that is asked for, now or later; each is given once. */
  async requested(): Promise<Approval> {
    const { data } = await this.#events.frame(
      ({ data }) => data?.kind === 'approval.requested' && !this.#taken.has(data.payload.id),
    );
    this.#taken.add(data.payload.id);
    return data.payload;
  }

  /** How many approvals were asked for. */
  get asked(): number {
    return this.#events.events.filter(({ kind }) => kind === 'approval.requested').length;
  }

  /** The approval when it is final, now or later. */
  async final({ id }: Approval): Promise<Approval> {
    const { data } = await this.#events.frame(
      ({ data }) => data?.payload?.id === id && data.kind !== 'approval.requested',
    );
    return data.payload;
  }

  async now({ id }: Approval): Promise<Approval> {
    return (await this.#person.get(`/approvals/${id}`)).body;
  }

  async decide({ id }: Approval, resolution: 'approve' | 'deny', comment?: string): Promise<void> {
    const body = comment === undefined ? { resolution } : { resolution, comment };
    const { status, text } = await this.#person.post(`/approvals/${id}/resolve`, body, { session: 'ann' });
    if (status !== 200) throw new Error(`the decision was answered ${status}: ${text}`);
  }

  async cancel({ id }: Approval): Promise<void> {
    const { status, text } = await this.#person.post(`/approvals/${id}/cancel`, {}, { session: 'ann' });
    if (status !== 200) throw new Error(`the cancellation was answered ${status}: ${text}`);
  }

  /** The agent that has this status, now or later. */
  // biome-ignore lint/suspicious/noExplicitAny: an agent, as it is sent.
  async agentThatIs(status: 'waiting_for_approval' | 'running'): Promise<any> {
    const { data } = await this.#events.frame(
      ({ data }) => data?.kind === 'agent.status_changed' && data.payload.status === status,
    );
    return data.payload;
  }

  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ended> {
    this.#running.child.kill(signal);
    return this.#running.ended;
  }
}

async function listening({ child, ended }: Running): Promise<string> {
  let log = '';
  return await new Promise((resolve, reject) => {
    child.stdout?.on('data', (text: string) => {
      log += text;
      const [, url] = /is up: (http:[^\s"]+)/.exec(log) ?? [];
      if (url !== undefined) resolve(url);
    });
    void ended.then(({ stderr }) => reject(new Error(`the service has not started: ${log}${stderr}`)));
  });
}

interface Tokens {
  readonly file: string;
  readonly agent: string;
  readonly viewer: string;
  readonly person: string;
}

/** Made once, with the command that people use. Each service gets a file of its own with them. */
function makeTokens(stage: Stage): Tokens {
  const file = join(stage.folder('service'), 'tokens.json');
  if (made === undefined) {
    const make = (name: string, role: string) => makeToken(file, name, role);
    const [agent, viewer, person] = [make('gated', 'agent'), make('guest', 'viewer'), make('ann', 'admin')];
    made = { agent, viewer, person, text: readFileSync(file, 'utf8') };
  } else {
    writeFileSync(file, made.text, { mode: 0o600 });
  }
  return { ...made, file };
}

let made: (Omit<Tokens, 'file'> & { readonly text: string }) | undefined;

function makeToken(file: string, name: string, role: string): string {
  const args = [BUILT, 'token', 'create', '--tokens-file', file, '--name', name, '--role', role];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`there is no token for ${name}: ${stderr}`);
  return stdout.trim();
}
