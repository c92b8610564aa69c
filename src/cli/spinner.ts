import type { Approval } from '../client/index.ts';
import { shownDuration } from './duration.ts';
import type { Screen } from './screen.ts';
import { visible } from './visible.ts';

const FRAMES = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const EVERY_MS = 100;

/** On a terminal: what is asked, where it is decided, and for how long it has been waited. Elsewhere nothing. */
export class Spinner {
  readonly #screen: Screen;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  start({ id, action }: Approval, link: string): void {
    if (!this.#screen.isWatched) {
      return;
    }
    this.#screen.say(
      `${this.#screen.inkAside('bold', visible(action))}  ${this.#screen.inkAside('dim', id)}`,
    );
    this.#screen.say(`Decide here: ${link}`);
    this.#startedAt = performance.now();
    this.resume();
  }

  /** Goes on after `pause`. */
  resume(): void {
    if (this.#startedAt > 0) {
      this.#timer = setInterval(() => this.#draw(), EVERY_MS);
      this.#draw();
    }
  }

  /** The line is free. */
  pause(): void {
    if (this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#screen.redraw('');
    }
  }

  /** A line that stays, above. */
  say(line: string): void {
    const isDrawn = this.#timer !== undefined;
    this.pause();
    this.#screen.say(line);
    if (isDrawn) {
      this.resume();
    }
  }

  stop(): void {
    this.pause();
    this.#startedAt = 0;
  }

  #draw(): void {
    const waited = performance.now() - this.#startedAt;
    const frame = FRAMES[Math.floor(waited / EVERY_MS) % FRAMES.length];
    const text = `${frame} waiting for a person to decide, ${shownDuration(waited)} (Ctrl-C: stop waiting)`;
    this.#screen.redraw(text.slice(0, this.#screen.columns - 1));
  }
}
