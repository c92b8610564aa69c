import { belongsToAnother } from '../model/session.js';
import { refuse, time } from './decision.js';
export function registerAgent(command, current, facts) {
    if (current !== null && belongsToAnother(ownerOf(current), command.by)) {
        return refuseToAnother(command, current, facts);
    }
    const { name, kind, capabilities, project, pid, display, metadata } = command.request;
    const agent = {
        id: command.id,
        name,
        kind,
        capabilities: capabilities ?? [],
        project: project ?? null,
        session_id: command.by.session_id,
        principal: command.by.principal,
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
export function setAgentStatus(command, current, facts) {
    if (current === null) {
        return refuse({ code: 'agent-not-found', agentId: command.id });
    }
    if (belongsToAnother(ownerOf(current), command.by)) {
        return refuseToAnother(command, current, facts);
    }
    const { status, current_task, message, payload } = command.request;
    const agent = {
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
export function unregisterAgent(command, current, facts) {
    if (current === null) {
        return refuse({ code: 'agent-not-found', agentId: command.id });
    }
    if (!command.asAdministrator && belongsToAnother(ownerOf(current), command.by)) {
        return refuseToAnother(command, current, facts);
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
/** The problem carries the agent as it is read: whether its owner is connected is of now. */
function refuseToAnother(command, current, facts) {
    return refuse({
        code: 'agent-owned-by-another-session',
        agent: { ...current, connected: facts.ownerConnected },
        registering: command.type === 'register-agent',
        by: command.by,
    });
}
/** The session that registered it, with the principal that used it. */
export function ownerOf(agent) {
    return { session_id: agent.session_id, principal: agent.principal };
}
/** Who owns the agent once `command` is done, or refused: registering again takes over what is nobody's. */
export function ownerAfter(command, current) {
    const owner = ownerOf(current);
    return command.type === 'register-agent' && !belongsToAnother(owner, command.by) ? command.by : owner;
}
