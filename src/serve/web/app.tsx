// The frame of all pages: status line on top, the page below, the dialogs over it.

import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Status } from './api.ts';
import { FactsDialog } from './components/facts-dialog.tsx';
import { HelpDialog } from './components/help-dialog.tsx';
import { TopLine } from './components/top-line.tsx';
import { WhoDialog, type Asks } from './components/who-dialog.tsx';
import { actionOf } from './keys.ts';
import { useLive } from './live.ts';
import { AnswerPage } from './pages/answer.tsx';
import { SeriesPage } from './pages/series.tsx';
import { TeachingPage } from './pages/teaching.tsx';
import { TodayPage } from './pages/today.tsx';
import { usePerson } from './person.ts';
import { useRoute } from './router.ts';
import { useQueue } from './use-queue.ts';

/** Paused intake and roots that are away leave no line in the history. */
const STATUS_MS = 15_000;

export function App() {
  const route = useRoute();
  const live = useLive();
  const person = usePerson();
  const [status, setStatus] = useState<Status>();
  const [dialog, setDialog] = useState<'help' | 'who' | 'facts'>();
  const close = () => setDialog(undefined);
  /** what waits for a name; gone when none is given */
  const named = useRef<(name: string) => void>(undefined);
  const [asks, setAsks] = useState<Asks>();

  useEffect(() => {
    const look = () => void api.status().then(setStatus, () => undefined);
    look();
    const timer = setInterval(look, STATUS_MS);
    return () => clearInterval(timer);
  }, [live.tick]);

  // the Answer page has keys of its own, this one among them
  useEffect(() => {
    if (route.page === 'answer' || dialog) return;
    const listen = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest('input');
      if (!typing && actionOf(event)?.do === 'help') setDialog('help');
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [route.page, dialog]);

  const waiting = status?.images['asked'] ?? 0;
  useEffect(() => {
    document.title = waiting ? `(${waiting}) semtag` : 'semtag';
  }, [waiting]);

  const needName = (then?: (name: string) => void, asks?: Asks) => {
    named.current = then;
    setAsks(asks);
    setDialog('who');
  };
  const work = useQueue(route.page === 'answer' ? route.sha256 : undefined, live, person.name, needName);

  const shared = { live, status, person, needName };
  return (
    <>
      <TopLine {...shared} page={route.page} />
      {route.page === 'answer' ? (
        <AnswerPage
          live={live}
          status={status}
          work={work}
          sha256={route.sha256}
          asleep={dialog !== undefined}
          openHelp={() => setDialog('help')}
          openFacts={() => (person.name ? setDialog('facts') : needName(() => setDialog('facts')))}
        />
      ) : route.page === 'teaching' ? (
        <TeachingPage person={person} needName={needName} />
      ) : route.page === 'series' ? (
        <SeriesPage {...shared} key={route.id} id={route.id} />
      ) : (
        <TodayPage {...shared} show={route.show} />
      )}
      {dialog === 'help' && <HelpDialog close={close} />}
      {dialog === 'facts' && work.queue.current && (
        <FactsDialog image={work.queue.current} save={work.correctFacts} close={close} />
      )}
      {dialog === 'who' && (
        <WhoDialog person={person} asks={asks} close={close} then={(name) => named.current?.(name)} />
      )}
    </>
  );
}
