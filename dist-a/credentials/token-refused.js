/** What the tokens there are do not allow: nothing has changed. Any other error means that they could not be changed. */
export class TokenRefused extends Error {
    reason;
    /** `sentence`: for whoever uses the command. */
    constructor(reason, sentence) {
        super(sentence);
        this.reason = reason;
    }
}
