import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalid } from './problems.js';
const MAC_BYTES = 8;
/** Makes and reads `next_cursor`: where the next page starts, sealed, so that one that was not made here is noticed. */
export class Cursors {
    #logId;
    /** `logId`: the same on every node that serves this log, and for as long as the log is. */
    constructor(logId) {
        this.#logId = logId;
    }
    make(list, position) {
        const text = Buffer.from(JSON.stringify([list, position]));
        return Buffer.concat([this.#mac(text), text]).toString('base64url');
    }
    /** Where the page of `list` starts; null without a cursor. */
    read(list, cursor) {
        if (cursor === undefined) {
            return null;
        }
        const bytes = Buffer.from(cursor, 'base64url');
        const isAsMade = bytes.toString('base64url') === cursor;
        const mac = bytes.subarray(0, MAC_BYTES);
        const text = bytes.subarray(MAC_BYTES);
        if (isAsMade && mac.length === MAC_BYTES && timingSafeEqual(mac, this.#mac(text))) {
            const [of, position] = JSON.parse(text.toString());
            if (of === list) {
                return position;
            }
        }
        throw invalid('cursor', 'was not made here for this list; start again without it');
    }
    #mac(text) {
        return createHmac('sha256', this.#logId).update(text).digest().subarray(0, MAC_BYTES);
    }
}
