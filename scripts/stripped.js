import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Before anything else in each process of the tests: takes our source without its types from where `strip-types.ts` has
 * put it. A run starts hundreds of processes, and finding the types was most of what a start computed. What is not
 * there is read as ever.
 */

const root = new URL('..', import.meta.url);
const folder = fileURLToPath(new URL('.tap/stripped/', root));

// npm and others run with the Node.js of the machine, which may not have it.
module.registerHooks?.({
  load(url, context, next) {
    const stripped = isOurs(url) ? strippedFrom(fileURLToPath(url)) : undefined;
    return stripped === undefined ? next(url, context) : stripped;
  },
});

// The test runner, too, is loaded after this. In every process it would read the source maps of its own two hundred
// files, and note the lines of all packages. Ours have no source maps, and no package is measured, nor is this file.
module.setSourceMapsSupport?.(false);
process.setSourceMapsEnabled = () => {};
process.env._TAPJS_PROCESSINFO_EXCLUDE_ = String(
  /(^(node|tapmock):|[\\/](\.tap|node_modules)[\\/]|[\\/]stripped\.js$)/,
);

function isOurs(url) {
  return url.endsWith('.ts') && url.startsWith(root.href) && !url.includes('/node_modules/');
}

function strippedFrom(file) {
  try {
    const name = createHash('sha256').update(readFileSync(file)).digest('hex');
    const source = readFileSync(`${folder}${name}.js`, 'utf8');
    return { format: 'module', source, shortCircuit: true };
  } catch {
    return undefined;
  }
}
