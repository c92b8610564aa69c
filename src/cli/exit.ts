/** How a client's command ends. 1 and 2 are of `ask` alone; nothing that goes wrong looks like an answer of a person. */
export const EXIT = {
  done: 0,
  /** A person has said no. */
  denied: 1,
  /** Nobody has decided: the time is up, the approval has expired, or was cancelled. */
  undecided: 2,
  /** It was not done, whatever the reason: a wrong command, a refusal, no service, an interruption. */
  failed: 3,
  /** The decision was passed on to the session that owns the approval, which is still pending. */
  passedOn: 4,
} as const;

/** Ends the command with `EXIT.failed`; the message is a sentence for people. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}
