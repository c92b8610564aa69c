import type { Agent } from '../model/agent.ts';
import { type Actor, sameActor } from '../model/session.ts';
import type { Command } from './commands.ts';
import { type Decision, type Facts, refuse, time } from './decision.ts';

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

export function registerAgent(command: Of<'register-agent'>, current: Agent | null, facts: Facts): Decision {
  if (current !== null && !sameActor(ownerOf(current), command.by)) {
    return refuse({ code: 'agent-owned-by-another-session', agent: seen(current, facts), registering: true });
  }
  const { name, kind, capabilities, project, pid, display, metadata } = command.request;
  const agent: Agent = {
    id: command.id,
    name,
    kind,
    capabilities: capabilities ?? [],
    project: project ?? null,
    session_id: command.by.session_id,
    connected: facts.ownerConnected,
    status: 'idle',
    current_task: null,
    pid: pid ?? null,
    display: { label: display?.label ?? null, icon: display?.icon ?? null, accent: display?.accent ?? null },
    updated_at: time(facts.now),
    metadata: metadata ?? null,
  };
  return {
    type: 'record',
    outcome: current === null ? 'created' : 'changed',
    kind: 'agent.registered',
    agentId: agent.id,
    message: `${name} registered`,
    becomes: { agent },
  };
}

export function setAgentStatus(
  command: Of<'set-agent-status'>,
  current: Agent | null,
  facts: Facts,
): Decision {
  if (current === null) {
    return refuse({ code: 'agent-not-found', agentId: command.id });
  }
  if (!sameActor(ownerOf(current), command.by)) {
    return refuse({
      code: 'agent-owned-by-another-session',
      agent: seen(current, facts),
      registering: false,
    });
  }
  const { status, current_task, message, payload } = command.request;
  const agent: Agent = {
    ...current,
    connected: facts.ownerConnected,
    status,
    current_task: current_task ?? null,
    updated_at: time(facts.now),
  };
  return {
    type: 'record',
    outcome: 'changed',
    kind: 'agent.status_changed',
    agentId: agent.id,
    message: message ?? `${agent.name} is ${status}`,
    ...(payload === undefined || payload === null ? {} : { payload }),
    becomes: { agent },
  };
}

export function unregisterAgent(
  command: Of<'unregister-agent'>,
  current: Agent | null,
  facts: Facts,
): Decision {
  if (current === null) {
    return refuse({ code: 'agent-not-found', agentId: command.id });
  }
  if (!sameActor(ownerOf(current), command.by)) {
    return refuse({
      code: 'agent-owned-by-another-session',
      agent: seen(current, facts),
      registering: false,
    });
  }
  return {
    type: 'record',
    outcome: 'changed',
    kind: 'agent.unregistered',
    agentId: current.id,
    message: `${current.id} unregistered`,
    payload: null,
    becomes: { unregistered: current.id },
  };
}

/** The agent as it is read: whether its owner is connected is of now. */
function seen(agent: Agent, facts: Facts): Agent {
  return { ...agent, connected: facts.ownerConnected };
}

/** Agents belong to a session. */
export function ownerOf(agent: Agent): Actor {
  return { session_id: agent.session_id, principal: null };
}
