import type { Approval } from '../model/approval.ts';
import { type Actor, belongsToAnother } from '../model/session.ts';
import type { Command } from './commands.ts';
import { ownerAfter } from './decide-agent.ts';
import { ownerOf } from './decide-approval.ts';
import type { Subject } from './decision.ts';

/** The session of which a decision, or its answer, has to know whether it is connected; null: of none. */
export function ownerToFind(command: Command, { agent, approval }: Subject): Actor | null {
  switch (command.type) {
    case 'register-agent':
    case 'set-agent-status':
    case 'unregister-agent':
      return agent === null ? command.by : ownerAfter(command, agent);
    case 'resolve-approval':
      return approval && anotherOwner(approval, command.by);
    default:
      return null;
  }
}

/** Only what can still be decided, and another session owns, is passed on: then that one has to be there. */
function anotherOwner(approval: Approval, by: Actor): Actor | null {
  const owner = approval.status === 'pending' ? ownerOf(approval) : null;
  return owner !== null && belongsToAnother(owner, by) ? owner : null;
}
