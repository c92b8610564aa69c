import { parseArgs } from 'node:util';
import { withoutPassword } from '../settings.js';
import { UsageError } from './usage-error.js';
const FLAGS = {
    from: { type: 'string' },
    to: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
};
/** Throws a UsageError, without the password of a URL. */
export function readCopyCommand(argv) {
    const { values, positionals } = parse(argv);
    if (values.help === true || argv.length === 0) {
        return 'help';
    }
    if (positionals.length > 0) {
        throw new UsageError("'copy' takes no words besides --from STORE and --to STORE");
    }
    const from = readStore('--from', values.from);
    const to = readStore('--to', values.to);
    if (from === to) {
        throw new UsageError('--from and --to are the same');
    }
    return { from, to };
}
function parse(argv) {
    try {
        return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
    }
    catch (error) {
        // After its first sentence it explains how to pass on what begins with a dash.
        throw new UsageError(withoutPassword(error.message.replace(/\. .*/s, '')));
    }
}
function readStore(flag, store) {
    if (store === undefined) {
        throw new UsageError(`'copy' needs ${flag} STORE`);
    }
    if (!/^(sqlite:(?!:memory:).|postgres(ql)?:\/\/.)/s.test(store)) {
        throw new UsageError(`${flag} must be sqlite:PATH or postgres://…, not '${withoutPassword(store)}'`);
    }
    return store;
}
