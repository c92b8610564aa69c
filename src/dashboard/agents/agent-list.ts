import type { Agent, AgentStatus } from '../../model/agent.ts';
import type { Approval } from '../../model/approval.ts';
import type { ConnectedSession } from '../../model/session.ts';
import { wordsOf } from '../text/search.ts';

/** Which agents somebody wants to see. '': any. */
export interface AgentFilter {
  readonly text: string;
  readonly status: string;
  readonly kind: string;
  readonly project: string;
  /** Of the owner: `yes` or `no`. */
  readonly connected: string;
}

const NAMES = ['text', 'status', 'kind', 'project', 'connected'] as const;

/** In the order in which they are shown: what needs a person first. */
export const STATUSES = [
  'waiting_for_approval',
  'running',
  'errored',
  'paused',
  'idle',
  'completed',
  'stopped',
] as const satisfies readonly AgentStatus[];

/** An agent whose owner is not connected is taken for gone when it has said nothing for this long. */
const AWAY_MS = 600_000;
/** As many kinds and projects are offered to choose from: whoever registers an agent can make up more. */
export const CHOICES_MAX = 100;

/** What is known besides the agents themselves. */
export interface Surroundings {
  readonly isConnected: (agent: Agent) => boolean;
  /** Pending approvals by agent. */
  readonly waiting: ReadonlyMap<string, number>;
  /** By the service's clock. */
  readonly now: number;
}

export function agentFilterOf(query: URLSearchParams): AgentFilter {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])) as unknown as AgentFilter;
}

export function agentQueryOf(filter: AgentFilter): URLSearchParams {
  const names = NAMES.filter((name) => filter[name] !== '');
  return new URLSearchParams(names.map((name): [string, string] => [name, filter[name]]));
}

export function isFiltered(filter: AgentFilter): boolean {
  return NAMES.some((name) => filter[name] !== '');
}

/** Tells whether an agent's owner holds a stream. Before that was read: what the agent's own row said. */
export function connectionTest(sessions: readonly ConnectedSession[]): (agent: Agent) => boolean {
  if (sessions.length === 0) {
    return ({ connected }) => connected;
  }
  const names = new Set(sessions.map(({ session_id }) => session_id));
  const pairs = new Set(sessions.map(({ session_id, principal }) => `${session_id}\n${principal}`));
  return ({ session_id, principal }) =>
    principal === null ? names.has(session_id) : pairs.has(`${session_id}\n${principal}`);
}

export function waitingByAgent(pending: readonly Approval[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { agent_id } of pending) {
    if (agent_id !== null) {
      counts.set(agent_id, (counts.get(agent_id) ?? 0) + 1);
    }
  }
  return counts;
}

/** Neither connected nor heard of for ten minutes. */
export function isAway(
  agent: Agent,
  { isConnected, now }: Pick<Surroundings, 'isConnected' | 'now'>,
): boolean {
  return now - Date.parse(agent.updated_at) > AWAY_MS && !isConnected(agent);
}

export function foundAgents(
  agents: Iterable<Agent>,
  filter: AgentFilter,
  { isConnected }: Surroundings,
): Agent[] {
  const words = wordsOf(filter.text);
  return [...agents].filter(
    (agent) =>
      (filter.status === '' || agent.status === filter.status) &&
      (filter.kind === '' || agent.kind === filter.kind) &&
      (filter.project === '' || agent.project === filter.project) &&
      (filter.connected === '' || isConnected(agent) === (filter.connected === 'yes')) &&
      (words.length === 0 || hasWords(agent, words)),
  );
}

/** What needs a person first, then what works; what is taken for gone last; by name among equals. */
export function inOrder(agents: readonly Agent[], surroundings: Surroundings): Agent[] {
  const { waiting, isConnected, now } = surroundings;
  // Times are compared as they are written, which is their order: there may be thousands.
  const longAgo = new Date(now - AWAY_MS).toISOString();
  return agents
    .map((agent) => ({
      agent,
      name: agent.name.toLowerCase(),
      rank: waiting.has(agent.id)
        ? 0
        : STATUSES.indexOf(agent.status) +
          (agent.updated_at < longAgo && !isConnected(agent) ? STATUSES.length : 0),
    }))
    .sort((a, b) => a.rank - b.rank || compare(a.name, b.name) || compare(a.agent.id, b.agent.id))
    .map(({ agent }) => agent);
}

/** The same agents where they were before; new ones at the end: nothing moves under a pointer. */
export function inPlace(before: readonly string[], agents: readonly Agent[]): Agent[] {
  const left = new Map(agents.map((agent) => [agent.id, agent]));
  const stayed: Agent[] = [];
  for (const id of before) {
    const agent = left.get(id);
    if (agent !== undefined) {
      stayed.push(agent);
      left.delete(id);
    }
  }
  return [...stayed, ...left.values()];
}

/** What there is to choose from, and how many have each status. */
export function choicesOf(agents: Iterable<Agent>) {
  const statuses = new Map<AgentStatus, number>();
  const kinds = new Set<string>();
  const projects = new Set<string>();
  for (const { status, kind, project } of agents) {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (kinds.size < CHOICES_MAX) {
      kinds.add(kind);
    }
    if (projects.size < CHOICES_MAX && project) {
      projects.add(project);
    }
  }
  return { statuses, kinds: [...kinds].sort(), projects: [...projects].sort() };
}

const texts = new WeakMap<Agent, string>();

function hasWords(agent: Agent, words: readonly string[]): boolean {
  let text = texts.get(agent);
  if (text === undefined) {
    const { id, name, kind, display, project, current_task, session_id, principal, capabilities } = agent;
    const parts = [
      id,
      name,
      kind,
      display.label,
      project,
      current_task,
      session_id,
      principal,
      ...capabilities,
    ];
    text = parts.join('\n').toLowerCase();
    texts.set(agent, text);
  }
  return words.every((word) => text.includes(word));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
