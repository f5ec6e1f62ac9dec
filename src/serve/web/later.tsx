// A page that is fetched when it is opened for the first time: the Answer page must not wait for what managers read.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** `ahead`: fetches it before it is drawn. */
export type Later<P extends object> = ComponentType<P> & { ahead: () => void };

export function later<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  let loaded: ComponentType<P> | undefined;
  let coming: Promise<void> | undefined;
  const fetch = () => (coming ??= load().then((page) => void (loaded = page)));
  function Later(props: P) {
    const [, setHere] = useState(loaded !== undefined);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      fetch().then(
        () => setHere(true),
        () => {
          coming = undefined;
          setFailed(true);
        },
      );
    }, []);
    if (loaded) {
      const Page = loaded;
      return <Page {...props} />;
    }
    return (
      <main class="page" aria-busy={!failed}>
        {failed && (
          <p role="alert">This page could not be loaded. Nothing is lost; reload the browser page.</p>
        )}
      </main>
    );
  }
  // what goes wrong is said once the page is to be drawn
  return Object.assign(Later, { ahead: () => void fetch().catch(() => undefined) });
}
