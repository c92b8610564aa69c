/** Stands for the credential of what began without one. */
const NONE = '';
/**
 * What goes on under a credential after its request was let in: streams and waits. Now and then each credential is asked
 * again, by the same rule that let it in, so there is no second rule about what ends when.
 */
export class OpenUses {
    #uses = new Map();
    #reportError;
    constructor(reportError) {
        this.#reportError = reportError;
    }
    /** Calls the listener, once, when the credential is found not to be good any more. The answer takes it back. */
    add(authenticated, listener) {
        const credential = authenticated?.credential ?? NONE;
        const use = this.#uses.get(credential) ?? { authenticated, listeners: new Set() };
        this.#uses.set(credential, use);
        // A function of its own, so that the same listener may be given twice.
        const call = () => listener();
        use.listeners.add(call);
        return () => {
            use.listeners.delete(call);
            if (use.listeners.size === 0 && this.#uses.get(credential) === use) {
                this.#uses.delete(credential);
            }
        };
    }
    endUnless(isGood) {
        for (const [credential, { authenticated, listeners }] of this.#uses) {
            if (!isGood(authenticated)) {
                this.#uses.delete(credential);
                for (const listener of listeners) {
                    this.#call(listener);
                }
            }
        }
    }
    /** One that fails must not keep the others open. */
    #call(listener) {
        try {
            listener();
        }
        catch (error) {
            this.#reportError(`a use of a credential that has ended could not be closed: ${error}`);
        }
    }
}
