import type { WaitAnswer } from '../../model/approval.ts';
import { withoutCredentials } from '../secrets.ts';

/** What a model reads. It begins with the one word that counts, and says what follows from it. */

const DO_NOT = 'Do not do it.';

export function isApproved({ outcome }: WaitAnswer): boolean {
  return outcome === 'approved';
}

export function outcomeText(answer: WaitAnswer): string {
  const { outcome, approval } = answer;
  const { action, resolution, comment } = approval;
  const said = comment === null ? '' : ` They said: ${JSON.stringify(comment)}`;
  switch (outcome) {
    case 'approved':
      return `approved: a person chose ${JSON.stringify(resolution)} for ${JSON.stringify(action)}. You may do it, once.${said}`;
    case 'denied':
      return `denied: a person chose ${JSON.stringify(resolution)} for ${JSON.stringify(action)}. ${DO_NOT}${said}`;
    case 'expired':
      return `not approved: nobody decided in time. ${DO_NOT}`;
    case 'cancelled':
      return `not approved: the question was taken back. ${DO_NOT}${said}`;
    default:
      return `not approved: the outcome is ${JSON.stringify(outcome)}. ${DO_NOT}`;
  }
}

export function failureText(sentence: string): string {
  return `not approved: ${withoutCredentials(sentence)}. ${DO_NOT}`;
}
