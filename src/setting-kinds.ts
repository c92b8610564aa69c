/** What a setting takes, and how it is read from text. */
export interface Kind {
  /** What `parse` takes, as a noun that can follow `must be`. */
  readonly accepts: string;
  /** The value; undefined when the text is not acceptable. */
  readonly parse: (text: string) => string | number | boolean | readonly string[] | undefined;
}

export function textLike(pattern: RegExp, accepts: string): Kind {
  return { accepts, parse: (text) => (pattern.test(text) ? text : undefined) };
}

export function wholeNumber(least: number, most: number): Kind {
  return {
    accepts: `a whole number from ${least} to ${most}`,
    parse: (text) => {
      const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

export function httpUrl(): Kind {
  return {
    accepts: 'an http or https URL without a query',
    parse: (text) =>
      /^https?:\/\/[^\s?#@]+$/i.test(text) && URL.canParse(text)
        ? new URL(text).href.replace(/\/+$/, '')
        : undefined,
  };
}

/** With commas between. */
export function list(pattern: RegExp, of: string): Kind {
  return {
    accepts: `${of}, with commas between`,
    parse: (text) => {
      const items = text.split(',').map((item) => item.trim().toLowerCase());
      const given = items.filter((item) => item !== '');
      return given.every((item) => pattern.test(item)) ? given : undefined;
    },
  };
}

export function flag(): Kind {
  return {
    accepts: '`true` or `false`',
    parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  };
}
