import { readFileSync } from 'node:fs';

/**
 * The examples of a language in a page of `docs/integrations`, in their order. The scenarios run what the pages say, so
 * that a page cannot go wrong alone.
 */
export function examplesIn(page: string, language: 'json' | 'toml' | 'ts'): string[] {
  const text = readFileSync(new URL(`../../docs/integrations/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, name]) => name === language)
    .map(([, , example = '']) => example);
}

/** The example with the service's own address in place of the one that it is written with. */
export function at(url: string, example: string): string {
  const addressed = example.replace(/https?:\/\/(127\.0\.0\.1:7420|sallyport\.example)(?=\/)/, url);
  if (addressed === example) throw new Error(`no address of the service is in ${example}`);
  return addressed;
}
