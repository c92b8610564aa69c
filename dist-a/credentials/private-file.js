import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
/**
 * Replaces the file, or makes it, with its folder: readable by its owner only, and whole or not at all, whenever the
 * process is killed or the power fails. Two must not write the same file at once. Throws what the file system says.
 */
export async function replaceFile(name, text) {
    await mkdir(dirname(name), { recursive: true, mode: 0o700 });
    // A link stays a link, and what it leads to is replaced.
    const path = await realpath(name).catch(() => name);
    // Always the same name, so that a crash leaves at most one, and the next change clears it away.
    const temporary = `${path}.tmp`;
    await rm(temporary, { force: true });
    try {
        await writeDurably(temporary, text);
        await rename(temporary, path);
    }
    catch (error) {
        await rm(temporary, { force: true });
        throw error;
    }
    await syncFolder(dirname(path));
}
async function writeDurably(path, text) {
    // `wx`: whatever appears under that name in the meantime, a link to somewhere for example, is not written to.
    const file = await open(path, 'wx', 0o600);
    try {
        await file.writeFile(text);
        await file.sync();
    }
    finally {
        await file.close();
    }
}
/** A rename is safe from a power failure when the folder is (POSIX says nothing else about the order). */
async function syncFolder(path) {
    const folder = await open(path, 'r');
    try {
        await folder.sync();
    }
    finally {
        await folder.close();
    }
}
