import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** After the code in its file: the checksums of the source it was made from, with the Node.js that made it, and of itself. */
const CHECKSUMS_BYTES = 8;

/**
 * Loads a file of `dist/programs/`: one part of Sallyport with the packages it needs, as one function. Beside it may be
 * its code as V8 keeps it, so that it need not be compiled at each start. V8 takes it only for the very version, and with
 * the flags, that it was made with; else, or where there is none, the source is compiled.
 */
export function loadProgram(path: string): unknown {
  return runProgram(compileProgram(path), path);
}

export function compileProgram(path: string): Script {
  const source = readFileSync(path);
  const cachedData = readCode(path, source);
  const options = { filename: path, ...(cachedData && { cachedData }) };
  return new Script(source.toString(), options);
}

export function runProgram(script: Script, path: string): unknown {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  return module.exports;
}

/** What `compileProgram` finds beside the source, made of what has been compiled so far. */
export function codeOf(script: Script, source: Buffer): Buffer {
  const code = script.createCachedData();
  const checksums = Buffer.alloc(CHECKSUMS_BYTES);
  checksums.writeUInt32LE(originOf(source), 0);
  checksums.writeUInt32LE(crc32(code), 4);
  return Buffer.concat([code, checksums]);
}

export function codePath(path: string): string {
  return `${path}.code`;
}

/** V8 itself looks at the length of the source only, and not at what Node.js has changed in it. */
function originOf(source: Buffer): number {
  return crc32(`${process.version} ${process.arch}`, crc32(source));
}

function readCode(path: string, source: Buffer): Buffer | undefined {
  let file: Buffer;
  try {
    file = readFileSync(codePath(path));
  } catch {
    return undefined;
  }
  const end = file.length - CHECKSUMS_BYTES;
  if (end < 0) return undefined;
  const code = file.subarray(0, end);
  const isWhole = file.readUInt32LE(end) === originOf(source) && file.readUInt32LE(end + 4) === crc32(code);
  return isWhole ? code : undefined;
}
