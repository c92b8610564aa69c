import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { inTime } from './in-time.ts';

/** A frame as it came, field by field. */
export interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly retry?: string;
  readonly comment?: string;
  /** `data`, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into events of every shape.
  readonly data?: any;
}

/** A reader of server-sent events that can stop reading, and that waits for what comes, never for time. */
export class EventStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Every frame so far, but for the plugin's greeting. */
  readonly frames: Frame[] = [];
  /** Resolves when the stream has ended or the connection is gone: true for a clean end. */
  readonly ended: Promise<boolean>;
  readonly #response: IncomingMessage;
  #text = '';
  #isEnded = false;
  #wake: (() => void)[] = [];

  /** Resolves when the head is there. */
  static open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers, agent: false }, (response) => resolve(new EventStream(response)));
      sent.on('error', reject);
      sent.end();
    });
  }

  private constructor(response: IncomingMessage) {
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    // A cut connection also says so by an error; `ended` tells it.
    response.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      response.on('close', () => {
        this.#isEnded = true;
        this.#wakeAll();
        resolve(response.complete);
      });
    });
  }

  /** The events of the log so far, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: see Frame.
  get events(): any[] {
    return this.frames
      .filter((frame) => frame.event === undefined && frame.data !== undefined)
      .map(({ data }) => data);
  }

  get seqs(): number[] {
    return this.events.map(({ seq }) => seq);
  }

  /** The first frame, now or later, that passes. Throws when the stream ends without one, or when none comes in time. */
  frame(passes: (frame: Frame) => boolean): Promise<Frame> {
    const what = () => `a frame that is ${passes}, but ${JSON.stringify(this.frames.slice(-10))}`;
    return inTime(this.#frame(passes), what);
  }

  async #frame(passes: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(passes);
      if (found !== undefined) {
        return found;
      }
      if (this.#isEnded) {
        throw new Error(`the stream ended without it: ${JSON.stringify(this.frames).slice(0, 2000)}`);
      }
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  hello(): Promise<Frame> {
    return this.frame(({ event }) => event === 'hello');
  }

  /** The event with this `seq`. */
  // biome-ignore lint/suspicious/noExplicitAny: see Frame.
  async seq(seq: number): Promise<any> {
    return (await this.frame(({ event, data }) => event === undefined && data?.seq === seq)).data;
  }

  /** Stops reading: the connection fills up. */
  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  close(): void {
    this.#response.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    const parts = this.#text.split('\n\n');
    this.#text = parts.pop() as string;
    for (const part of parts) {
      const frame = parseFrame(part);
      if (frame.comment === undefined) {
        this.frames.push(frame);
      }
    }
    this.#wakeAll();
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) {
      one();
    }
  }
}

function parseFrame(text: string): Frame {
  const frame: Record<string, unknown> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = colon === 0 ? 'comment' : line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    frame[name] = name === 'data' ? JSON.parse(value) : value;
  }
  return frame;
}
