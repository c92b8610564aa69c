import type { Approval } from '../../model/approval.ts';

/** Words that say yes and no, at the beginning of an option. */
const YES =
  /^(approved?|yes|y|ok(ay)?|allow(ed)?|accept(ed)?|confirm(ed)?|permit|grant|proceed|continue|go|run)\b/;
const NO =
  /^(den(y|ied)|no|n|reject(ed)?|refuse|cancel|stop|abort|block|decline|never|don'?t|forbid|disapprove)\b/;

const HIDDEN = /[\p{Cf}\p{M}]/gu;
const NO_WORD = /[^\p{L}\p{N}']+/gu;

export type Oddity = { readonly kind: 'yes-reads-no' | 'no-reads-yes'; readonly option: string };

/** Options that read as the opposite of what they mean: whoever asks chooses their names. */
export function odditiesOf({
  options,
  approve_label,
}: Pick<Approval, 'options' | 'approve_label'>): Oddity[] {
  return options.flatMap((option): Oddity[] => {
    const words = plain(option);
    if (option === approve_label) {
      return NO.test(words) ? [{ kind: 'yes-reads-no', option }] : [];
    }
    const isTwin = words === plain(approve_label);
    return isTwin || (YES.test(words) && !/\b(not|never)\b/.test(words))
      ? [{ kind: 'no-reads-yes', option }]
      : [];
  });
}

/** Approvals that can be decided together: they offer the same, and the same of it means yes. */
export function kindOf({ options, approve_label }: Pick<Approval, 'options' | 'approve_label'>): string {
  return JSON.stringify([options, approve_label]);
}

/** The options that do not approve. */
export function othersOf({ options, approve_label }: Pick<Approval, 'options' | 'approve_label'>): string[] {
  return options.filter((option) => option !== approve_label);
}

function plain(option: string): string {
  return option.normalize('NFKC').toLowerCase().replace(HIDDEN, '').replace(NO_WORD, ' ').trim();
}
