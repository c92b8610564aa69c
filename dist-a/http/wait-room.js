import { Counter } from '../host/counter.js';
import { ProblemError } from './problems.js';
/** Room for waits. One that is on its way to be parked takes some, too. */
export class WaitRoom {
    #host;
    #limits;
    #ofPrincipal = new Counter();
    #arriving = 0;
    constructor(host, limits) {
        this.#host = host;
        this.#limits = limits;
    }
    /** Throws a 429 if there is none. Say `arrived` when the wait is parked, or over. */
    enter(principal, response) {
        const { maxWaits, maxWaitsPerPrincipal } = this.#limits;
        if (this.#host.figures.waits + this.#arriving >= maxWaits) {
            throw tooMany('this node has', maxWaits, 'SALLYPORT_MAX_WAITS');
        }
        if (principal !== null) {
            if (this.#ofPrincipal.of(principal) >= maxWaitsPerPrincipal) {
                throw tooMany(`'${principal}' has`, maxWaitsPerPrincipal, 'SALLYPORT_MAX_WAITS_PER_PRINCIPAL');
            }
            this.#countUntilClosed(principal, response);
        }
        this.#arriving += 1;
    }
    arrived() {
        this.#arriving -= 1;
    }
    #countUntilClosed(principal, response) {
        // One whose client has gone already is not closed once more.
        if (!response.destroyed) {
            this.#ofPrincipal.add(principal);
            response.once('close', () => this.#ofPrincipal.remove(principal));
        }
    }
}
function tooMany(who, max, setting) {
    return new ProblemError('too-many-requests', `${who} ${max} waits open, as many as ${setting} allows; try again when one of them has ended`);
}
