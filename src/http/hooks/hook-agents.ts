import { createHash } from 'node:crypto';
import { Counter } from '../../host/counter.ts';
import { ownerOf } from '../../host/decide-agent.ts';
import type { Host } from '../../host/host.ts';
import type { AgentStatus } from '../../model/agent.ts';
import { type Actor, sameActor } from '../../model/session.ts';
import type { HookKind } from './answer.ts';
import { cut } from './question.ts';
import { quietly } from './quietly.ts';

/** What is known of the program that asks. */
export interface Program {
  readonly kind: HookKind;
  /** For people. */
  readonly title: string;
  readonly by: Actor;
  /** The folder that it works in. */
  readonly cwd: string | null;
}

const NAME_MAX = 200;
const PROJECT_MAX = 1000;

/**
 * The agents whose hooks ask: they appear in the list by themselves. Nothing here rejects, and nothing is decided by it:
 * a list that is not up to date is no reason to refuse a question, or to let a tool through.
 */
export class HookAgents {
  readonly #host: Host;
  /** Calls of an agent that wait. */
  readonly #waiting = new Counter();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Registers the program unless it is. Its id, or null when there is none that is its own. */
  async appear(program: Program): Promise<string | null> {
    const id = await quietly(() => this.#appear(program));
    return id ?? null;
  }

  /** A call of the agent waits for a person. Call the answer once when it does not any more. */
  wait(program: Program, id: string | null, task: string): (status: AgentStatus) => void {
    if (id === null) {
      return () => undefined;
    }
    this.#waiting.add(id);
    this.#report(program.by, id, 'waiting_for_approval', task);
    return (status) => {
      this.#waiting.remove(id);
      if (this.#waiting.of(id) === 0) {
        this.#report(program.by, id, status, status === 'running' ? task : null);
      }
    };
  }

  /** What an event that does not ask says of the agent. */
  async note(program: Program, event: string): Promise<void> {
    const status = STATUS_AFTER[event];
    if (event === 'SessionEnd') {
      const { by } = program;
      for (const id of idsOf(program)) {
        await quietly(() => this.#host.execute({ type: 'unregister-agent', by, id, asAdministrator: false }));
      }
    } else if (status !== undefined) {
      const id = await this.appear(program);
      // A turn that ends or begins does not end the waiting of a call in another one.
      if (id !== null && this.#waiting.of(id) === 0) {
        this.#report(program.by, id, status, null);
      }
    }
  }

  async #appear(program: Program): Promise<string | null> {
    const { by, kind, cwd } = program;
    for (const id of idsOf(program)) {
      const agent = await this.#host.agent(id);
      if (agent !== undefined && sameActor(ownerOf(agent), by)) {
        return id;
      }
      const project = cwd === null ? null : cut(cwd, PROJECT_MAX);
      const request = { name: nameOf(program), kind, project };
      const result = await this.#host.execute({ type: 'register-agent', by, id, request });
      // One that could not be registered for another reason is nobody else's.
      if (!('refusal' in result) || result.refusal.code !== 'agent-owned-by-another-session') {
        return id;
      }
    }
    return null;
  }

  #report(by: Actor, id: string, status: AgentStatus, task: string | null): void {
    const request = { status, current_task: task };
    // Refused when somebody has unregistered it, or nothing can be written.
    void quietly(() => this.#host.execute({ type: 'set-agent-status', by, id, request }));
  }
}

const STATUS_AFTER: Readonly<Record<string, AgentStatus>> = {
  SessionStart: 'idle',
  UserPromptSubmit: 'running',
  Stop: 'idle',
};

/** The session's name; where somebody else has taken that for an agent, one that is of this principal alone. */
function idsOf({ by, kind }: Program): string[] {
  const digest = createHash('sha256')
    .update(JSON.stringify([by.principal, by.session_id]))
    .digest('hex');
  return [by.session_id, `${kind}:${digest.slice(0, 32)}`];
}

function nameOf({ title, cwd }: Program): string {
  const folder = (cwd ?? '').replace(/[\\/]+$/, '').replace(/^.*[\\/]/s, '');
  return cut(folder === '' ? title : `${title} in ${folder}`, NAME_MAX);
}
