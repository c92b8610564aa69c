import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
/** Makes the folder of the log at `path`, for its owner only. Throws a sentence if the log cannot be there. */
export function makePlace(path) {
    const folder = dirname(path);
    try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    catch (error) {
        throw new Error(`the folder '${folder}' cannot be made (${error.message}); name another place`);
    }
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
        throw new Error(`that is a folder; name a file in it: sqlite:${join(path, 'sallyport.db')}`);
    }
}
