import type { Host } from '../../host/host.ts';
import type { AgentStatus, RegisterAgent } from '../../model/agent.ts';
import type { Actor } from '../../model/session.ts';
import { type ClientSession, digest } from './client-session.ts';

const KIND = 'mcp';
const NAME_MAX = 60;

/** The session that a client asks as: the same after each of its starts, so that it finds by its key what it asked. */
export function actorOf({ name }: ClientSession, principal: string | null): Actor {
  return { session_id: `${KIND}:${asName(name)}`, principal };
}

/** One agent for each client of a principal, however often it is started. */
export function agentIdOf({ name }: ClientSession, principal: string | null): string {
  return `${KIND}:${asName(name)}${principal === null ? '' : `:${digest(principal)}`}`;
}

function asName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, NAME_MAX);
}

/**
 * Shows clients that wait in the list of agents. It is for people alone: nothing waits for it, and where it fails, as
 * when there are too many agents, nothing else changes.
 */
export class WaitingAgents {
  readonly #host: Host;
  readonly #waiting = new Map<string, { waits: number; last: Promise<unknown> }>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** A wait begins. Returns what says that it has ended, and whether the agent goes on. */
  begin(session: ClientSession, by: Actor, task: string): (status: AgentStatus) => void {
    const id = agentIdOf(session, by.principal);
    const agent = this.#waiting.get(id) ?? { waits: 0, last: Promise.resolve() };
    this.#waiting.set(id, agent);
    agent.waits += 1;
    const report = (status: AgentStatus, currentTask: string | null) => {
      agent.last = agent.last
        .then(() => this.#report({ session, by, id, status, currentTask }))
        .catch(() => {});
    };
    report('waiting_for_approval', task);
    return (status) => {
      agent.waits -= 1;
      if (agent.waits === 0) {
        this.#waiting.delete(id);
        report(status, null);
      }
    };
  }

  async #report({ session, by, id, status, currentTask }: Report): Promise<void> {
    const request = { status, current_task: currentTask };
    const set = () => this.#host.execute({ type: 'set-agent-status', by, id, request });
    const result = await set();
    if ('refusal' in result && result.refusal.code === 'agent-not-found') {
      await this.#host.execute({ type: 'register-agent', by, id, request: agentOf(session) });
      await set();
    }
  }
}

interface Report {
  readonly session: ClientSession;
  readonly by: Actor;
  readonly id: string;
  readonly status: AgentStatus;
  readonly currentTask: string | null;
}

function agentOf({ name, version }: ClientSession): RegisterAgent {
  return { name: [name, version].join(' ').trim(), kind: KIND };
}
