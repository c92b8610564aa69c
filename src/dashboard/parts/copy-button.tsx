import { useEffect, useState } from 'preact/hooks';
import { announce } from './announcer.tsx';

interface Props {
  readonly text: () => string;
  readonly name: string;
  readonly done: string;
  /** A browser copies for pages of `https` and of this machine only. */
  readonly failed: string;
}

const SHOWN_MS = 4000;

export function CopyButton({ text, name, done, failed }: Props) {
  const [said, say] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => say(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const result = await Promise.resolve(navigator.clipboard?.writeText(text()) ?? Promise.reject()).then(
      () => done,
      () => failed,
    );
    say(result);
    announce(result);
  };
  return (
    <>
      <button type="button" class="ghost" onClick={() => void copy()}>
        {name}
      </button>
      {said === '' ? null : <span class="quiet">{said}</span>}
    </>
  );
}
