// A page that is fetched when it is opened for the first time: the Answer page must not wait for what managers read.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Later(props: P) {
    const [, setHere] = useState(loaded !== undefined);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (page) => {
          loaded = page;
          setHere(true);
        },
        () => setFailed(true),
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
  };
}
