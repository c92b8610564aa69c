import type { Output } from './copy-progress.ts';
import { visible, visibleJson } from './visible.ts';

/** One side of the output: knows whether it is a terminal, and whether colours are wanted. */
export interface Stream extends Output {
  readonly columns?: number;
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

const COLOURS = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
export type Colour = keyof typeof COLOURS;

/** What a command writes. Texts of others go through `visible` before they get here. */
export class Screen {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #withColours: boolean;

  /** `withColours`: as far as a stream is a terminal (NO_COLOR, no-color.org). */
  constructor(stdout: Stream, stderr: Stream, withColours: boolean) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#withColours = withColours;
  }

  /** Standard error is a terminal: a person may be looking. */
  get isWatched(): boolean {
    return this.#stderr.isTTY === true;
  }

  get columns(): number {
    return this.#stderr.columns || 80;
  }

  /** A line of the result. Rejects when nobody can get it. */
  print(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The result as one line of JSON. */
  printJson(value: unknown): Promise<void> {
    return this.print(visibleJson(value));
  }

  /** A line for whoever looks, beside the result. */
  say(line: string): void {
    this.#stderr.write(`${line}\n`);
  }

  /** In place of what stands in the line. */
  redraw(text: string): void {
    this.#stderr.write(`\r\u001b[K${text}`);
  }

  ink(colour: Colour | undefined, text: string): string {
    return this.#inked(this.#stdout, colour, text);
  }

  inkAside(colour: Colour, text: string): string {
    return this.#inked(this.#stderr, colour, text);
  }

  /** In columns, each as wide as it has to be; `colours` are those of the rows. */
  async table(
    head: readonly string[],
    rows: readonly (readonly string[])[],
    colours: readonly Colour[] = [],
  ) {
    const shown = [head, ...rows].map((row) => row.map(visible));
    const widthOf = (column: number) => Math.max(...shown.map((row) => String(row[column]).length));
    for (const [index, row] of shown.entries()) {
      const line = row.map((cell, column) => cell.padEnd(widthOf(column))).join('  ');
      const colour = index === 0 ? 'dim' : colours[index - 1];
      await this.print(this.ink(colour, line.trimEnd()));
    }
  }

  #inked(stream: Stream, colour: Colour | undefined, text: string): string {
    const isInked = this.#withColours && stream.isTTY === true;
    return isInked && colour !== undefined ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  }
}
