import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
const PATIENCE_MS = 5000;
const RETRY_MS = 20;
const SQLITE_BUSY = 5;
/**
 * Does the work while no other process, and nobody else in this one, does any under the same path. The lock is an
 * empty SQLite file beside it, held EXCLUSIVE: the kernel lets go of it when a process dies, so none is ever stale.
 * Throws one sentence if it cannot be had within 5 s.
 */
export async function withLock(path, work) {
    const lockPath = `${path}-lock`;
    createPrivate(lockPath);
    const lock = new DatabaseSync(lockPath, { timeout: 0 });
    try {
        await begin(lock, path);
        return await work();
    }
    finally {
        lock.close();
    }
}
/** Asks again and again instead of blocking: the one that holds it may be in this process. */
async function begin(lock, path) {
    const deadline = performance.now() + PATIENCE_MS;
    while (!tryBegin(lock, path)) {
        if (performance.now() > deadline) {
            const seconds = PATIENCE_MS / 1000;
            throw new Error(`another process has been changing '${path}' for ${seconds} s; try again when it has ended`);
        }
        await setTimeout(RETRY_MS);
    }
}
function tryBegin(lock, path) {
    try {
        lock.exec('BEGIN EXCLUSIVE');
        return true;
    }
    catch (error) {
        const { errcode, message } = error;
        if ((errcode & 0xff) === SQLITE_BUSY)
            return false;
        throw new Error(`the lock '${path}-lock' cannot be taken: ${message}; delete it if no process uses it`);
    }
}
/** It must not be opened if it is there: to close any descriptor of a file lets go of this process's locks on it. */
function createPrivate(path) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
        closeSync(openSync(path, 'wx', 0o600));
    }
    catch (error) {
        if (error.code !== 'EEXIST')
            throw error;
    }
}
