import { retryFrame } from './frames.js';
/** A reader that has more than this of earlier turns unread is cut off. Bytes. */
export const BEHIND_MAX_BYTES = 1024 * 1024;
/** So is one that leaves anything unread for this long. */
export const UNREAD_MAX_MS = 30_000;
/** One open connection: what has been written to it and whether its reader keeps up. */
export class Stream {
    options;
    /** `seq` of the newest event that it has passed, sent or filtered out. */
    position = 0;
    /** When anything was last written. */
    lastFrameAt = 0;
    /** It gets no more frames. */
    isEnding = false;
    #response;
    #socket;
    #onSent;
    /** All bytes that had been written to the connection at `#markedAt`. */
    #mark = 0;
    #markedAt = 0;
    constructor(response, options) {
        this.#response = response;
        // Not the response's own: that has none while an earlier one on its connection is not finished.
        this.#socket = response.req.socket;
        this.options = options;
    }
    /** It gets new events as they come; else it is still reading older ones. */
    get isLive() {
        return this.options.live.has(this);
    }
    /** One batch, the same for many streams. False: its reader is too far behind. */
    push(parts, now) {
        if (this.#response.writableLength > BEHIND_MAX_BYTES) {
            return false;
        }
        for (const { plain, chunk } of parts) {
            // Straight to the connection, which spares Node making the same chunk for every stream. `say` and `send` write
            // whole chunks too, at once, so that one never gets into another.
            if (this.#response.chunkedEncoding && this.#response.socket?.writable) {
                this.#socket.write(chunk);
            }
            else {
                // An HTTP/1.0 client knows no chunks; behind an earlier response on its connection this one has to queue.
                this.#response.write(plain);
            }
        }
        this.lastFrameAt = now;
        return true;
    }
    /** What is for this stream alone and does not wait for its reader. */
    say(text, now) {
        this.#response.write(text);
        this.lastFrameAt = now;
    }
    /** Resolves when its reader has taken it, or is gone. One at a time. */
    send(text, now) {
        this.lastFrameAt = now;
        return new Promise((resolve) => {
            // A write to a connection that has just gone calls nobody back: `close` does.
            this.#onSent = resolve;
            this.#response.write(Buffer.from(text), () => resolve());
        });
    }
    goLive(now) {
        this.options.live.add(this);
        this.#mark = this.#socket.bytesWritten;
        this.#markedAt = now;
    }
    /** True if something has waited unread for too long. What is older than the stream is read at any pace. */
    isStuck(now) {
        if (!this.isLive && !this.isEnding) {
            return false;
        }
        // Of the connection, not of the frames: what is unread is counted with the framing of its chunks.
        const { bytesWritten, writableLength } = this.#socket;
        if (bytesWritten - writableLength >= this.#mark) {
            this.#mark = bytesWritten;
            this.#markedAt = now;
            return false;
        }
        return now - this.#markedAt > UNREAD_MAX_MS;
    }
    /** A clean end: the client connects again, after `retryMs` if that is given, and resumes. */
    end(retryMs) {
        this.isEnding = true;
        this.options.live.delete(this);
        this.#response.end(retryMs === undefined ? '' : retryFrame(retryMs));
    }
    /** Its reader is gone, or has to go. */
    close() {
        this.isEnding = true;
        this.options.live.delete(this);
        this.#response.destroy();
        this.#onSent?.();
    }
}
