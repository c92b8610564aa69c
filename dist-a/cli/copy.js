import { existsSync } from 'node:fs';
import { credentialPaths } from '../credentials/paths.js';
import { withoutPassword } from '../settings.js';
import { readCopyCommand } from './copy-command.js';
import { HELP } from './copy-help.js';
import { CopyProgress, count } from './copy-progress.js';
import { UsageError } from './usage-error.js';
/** `sallyport copy …`. Returns how it ended: 0 done, 1 it could not be done, 2 it was not asked for as it has to be. */
export async function runCopy(argv, parts) {
    const { copyLog, stdout, stderr, now } = parts;
    try {
        const command = readCopyCommand(argv);
        if (command === 'help') {
            stdout.write(HELP);
            return 0;
        }
        const progress = new CopyProgress(stderr, now);
        try {
            const copied = await copyLog({ ...command, progress: (done, total) => progress.say(done, total) });
            progress.end();
            stdout.write(report(command, copied, progress.seconds));
        }
        catch (error) {
            progress.end();
            throw error;
        }
        return 0;
    }
    catch (error) {
        const { message } = error;
        const isUsage = error instanceof UsageError;
        stderr.write(`sallyport: ${message}\n${isUsage ? "See 'sallyport copy --help'.\n" : ''}`);
        return isUsage ? 2 : 1;
    }
}
function report({ from, to }, { head, floor, rows }, seconds) {
    const tokens = credentialPaths(from, null)?.tokens;
    const hint = tokens !== undefined && credentialPaths(to, null)?.tokens !== tokens && existsSync(tokens)
        ? `The tokens are not in the log but in ${tokens}: name it, or a copy, in SALLYPORT_TOKENS_FILE.\n`
        : '';
    return `Copied the log up to seq ${count(head)}, with its events after ${count(floor)}, in ${seconds.toFixed(1)} s: ${count(rows.events)} events and
final approvals, ${count(rows.open)} agents and pending approvals, ${count(rows.keys)} idempotency keys.
From here on ${withoutPassword(to)} is a log of its own, with a new epoch: clients start again from a snapshot.
Next, set SALLYPORT_STORE to it and start the service; do not serve ${withoutPassword(from)} any more.
${hint}`;
}
