import { ownerAfter } from './decide-agent.js';
import { ownerOf } from './decide-approval.js';
/** The session of which a decision, or its answer, has to know whether it is connected; null: of none. */
export function ownerToFind(command, { agent, approval }) {
    switch (command.type) {
        case 'register-agent':
        case 'set-agent-status':
        case 'unregister-agent':
            return agent === null ? command.by : ownerAfter(command, agent);
        case 'resolve-approval':
            return approval && ownerOf(approval);
        default:
            return null;
    }
}
