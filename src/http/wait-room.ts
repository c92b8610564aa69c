import type { ServerResponse } from 'node:http';
import { Counter } from '../host/counter.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from './problems.ts';

export interface WaitLimits {
  /** How many may be parked at once. */
  readonly maxWaits: number;
  /** How many of them one principal may have; where no credential is needed there are no principals. */
  readonly maxWaitsPerPrincipal: number;
}

/** Room for waits. One that is on its way to be parked takes some, too. */
export class WaitRoom {
  readonly #host: Host;
  readonly #limits: WaitLimits;
  readonly #ofPrincipal = new Counter();
  #arriving = 0;

  constructor(host: Host, limits: WaitLimits) {
    this.#host = host;
    this.#limits = limits;
  }

  /** Throws a 429 if there is none. Say `arrived` when the wait is parked, or over. */
  enter(principal: string | null, response: ServerResponse): void {
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

  arrived(): void {
    this.#arriving -= 1;
  }

  #countUntilClosed(principal: string, response: ServerResponse): void {
    // One whose client has gone already is not closed once more.
    if (!response.destroyed) {
      this.#ofPrincipal.add(principal);
      response.once('close', () => this.#ofPrincipal.remove(principal));
    }
  }
}

function tooMany(who: string, max: number, setting: string): ProblemError {
  return new ProblemError(
    'too-many-requests',
    `${who} ${max} waits open, as many as ${setting} allows; try again when one of them has ended`,
  );
}
