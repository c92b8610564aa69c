import { registerAgent, setAgentStatus, unregisterAgent } from './decide-agent.js';
import { cancelApproval, createApproval, expireApproval, resolveApproval } from './decide-approval.js';
/** Decides `command` on the state it finds. Pure: no I/O, no clock, no ids. */
export function decide(command, subject, facts) {
    switch (command.type) {
        case 'register-agent':
            return registerAgent(command, subject.agent, facts);
        case 'set-agent-status':
            return setAgentStatus(command, subject.agent, facts);
        case 'unregister-agent':
            return unregisterAgent(command, subject.agent, facts);
        case 'create-approval':
            return createApproval(command, facts);
        case 'resolve-approval':
            return resolveApproval(command, subject.approval, facts);
        case 'cancel-approval':
            return cancelApproval(command, subject.approval, facts);
        case 'expire-approval':
            return expireApproval(command, subject.approval, facts);
        case 'notify':
            return {
                type: 'record',
                outcome: 'created',
                kind: command.kind,
                agentId: command.agentId,
                message: command.message,
                payload: command.payload,
                becomes: { nothing: true },
            };
    }
}
