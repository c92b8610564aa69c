/** What the tokens there are do not allow: nothing has changed. Any other error means that they could not be changed. */
export class TokenRefused extends Error {
  readonly reason: TokenRefusal;

  /** `sentence`: for whoever uses the command. */
  constructor(reason: TokenRefusal, sentence: string) {
    super(sentence);
    this.reason = reason;
  }
}

export type TokenRefusal =
  | 'name-taken'
  | 'too-many'
  | 'unknown'
  | 'revoked'
  | 'expired'
  | 'from-setting'
  | 'no-file';
