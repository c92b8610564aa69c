import type { Agent, AgentsPage, ListAgentsQuery, RegisterAgent, SetAgentStatus } from './api.ts';
import type { CallOptions } from './call-options.ts';
import type { Connection } from './connection.ts';

/** Which agents there are. */
export class Agents {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** By name, then id. */
  list(query: ListAgentsQuery = {}, { signal }: CallOptions = {}): Promise<AgentsPage> {
    return this.#connection.json('GET', '/agents', { query: { ...query }, signal });
  }

  get(id: string, { signal }: CallOptions = {}): Promise<Agent> {
    return this.#connection.json('GET', pathOf(id), { signal });
  }

  /** The agent is of this client's session. With an `id` it may be repeated. */
  register(body: RegisterAgent, { signal }: CallOptions = {}): Promise<Agent> {
    return this.#connection.json('POST', '/agents', { body, signal });
  }

  setStatus(id: string, body: SetAgentStatus, { signal }: CallOptions = {}): Promise<Agent> {
    return this.#connection.json('PUT', `${pathOf(id)}/status`, { body, signal });
  }

  async unregister(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#connection.json('DELETE', pathOf(id), { signal });
  }
}

function pathOf(id: string): string {
  return `/agents/${encodeURIComponent(id)}`;
}
