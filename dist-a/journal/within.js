import { StorageUnavailable } from '../host/journal.js';
/** What `promise` comes to, or `StorageUnavailable` with that sentence after `ms`, whatever becomes of it. */
export async function within(ms, promise, sentence) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new StorageUnavailable(sentence)), ms);
    });
    try {
        return await Promise.race([promise, late]);
    }
    finally {
        clearTimeout(timer);
    }
}
