import { useEffect, useState } from 'preact/hooks';

/** Further down than this somebody is reading, and not waiting for what comes. Pixels. */
const TOP_PX = 8;

/** True while the page is not at its top. */
export function useIsScrolled(): boolean {
  const [isScrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = () => setScrolled(scrollY > TOP_PX);
    addEventListener('scroll', look, { passive: true });
    look();
    return () => removeEventListener('scroll', look);
  }, []);
  return isScrolled;
}
