// The frame of all pages: status line on top, the page below, the dialogs over it.

import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type ImageView, type Me, type Status } from './api.ts';
import { AccountDialog } from './components/account-dialog.tsx';
import { FactsDialog } from './components/facts-dialog.tsx';
import { ForManagers } from './components/for-managers.tsx';
import { FOR_MANAGERS, ManageNav, isManagePage } from './components/manage-nav.tsx';
import { HelpDialog } from './components/help-dialog.tsx';
import { TopLine } from './components/top-line.tsx';
import { TellDialog } from './components/tell-dialog.tsx';
import { UnknownPage } from './components/unknown-page.tsx';
import { WhoDialog, type Asks } from './components/who-dialog.tsx';
import { forgetWider } from './components/wider.tsx';
import { WrongNameDialog } from './components/wrong-name-dialog.tsx';
import { actionOf } from './keys.ts';
import { later } from './later.tsx';
import { useLive } from './live.ts';
import { AnswerPage } from './pages/answer.tsx';
import { ImagesPage } from './pages/images.tsx';
import { TodayPage } from './pages/today.tsx';
import { usePause } from './pause.ts';
import { usePerson } from './person.ts';
import { routeOf, useRoute } from './router.ts';
import { useTell, useTelling } from './tell.ts';
import { useQueue } from './use-queue.ts';

const PAGES = {
  images: ImagesPage,
  image: later(async () => (await import('./pages/image.tsx')).ImagePage),
  series: later(async () => (await import('./pages/series.tsx')).SeriesPage),
  teaching: later(async () => (await import('./pages/teaching.tsx')).TeachingPage),
  thresholds: later(async () => (await import('./pages/thresholds.tsx')).ThresholdsPage),
  health: later(async () => (await import('./pages/health.tsx')).HealthPage),
  people: later(async () => (await import('./pages/people.tsx')).PeoplePage),
  settings: later(async () => (await import('./pages/settings.tsx')).SettingsPage),
  api: later(async () => (await import('./pages/api.tsx')).ApiPage),
  'sign-in': later(async () => (await import('./pages/sign-in.tsx')).SignInPage),
  unknown: UnknownPage,
};

// before the first thing is drawn: whoever opens an address waits for its page, not for what stands around it
const opened = routeOf(location.hash).page;
const first = opened === 'answer' || opened === 'today' ? undefined : PAGES[opened];
if (first && 'ahead' in first) first.ahead();

/** Paused intake and roots that are away leave no line in the history. */
const STATUS_MS = 15_000;

/** A fresh page: nothing of the one before stays on the screen. */
function signOut(): void {
  const again = () => location.reload();
  api.signOut().then(again, again);
}

export function App() {
  const route = useRoute();
  const live = useLive();
  const [status, setStatus] = useState<Status>();
  const [me, setMe] = useState<Me>();
  const [signedOut, setSignedOut] = useState(false);
  const account = me?.name === undefined ? undefined : { name: me.name, signOut };
  const person = usePerson(account);
  const [dialog, setDialog] = useState<'help' | 'who' | 'tell' | 'wrong-name'>();
  /** the image whose facts are corrected; who is asked for a name meanwhile comes back to it */
  const [facts, setFacts] = useState<ImageView>();
  const close = () => setDialog(undefined);
  /** what waits for a name; gone when none is given */
  const named = useRef<(name: string) => void>(undefined);
  const [asks, setAsks] = useState<Asks>();
  const [typed, setTyped] = useState('');

  useEffect(() => {
    const look = () => void api.status().then(setStatus, () => undefined);
    look();
    const timer = setInterval(look, STATUS_MS);
    return () => clearInterval(timer);
  }, [live.tick]);

  useEffect(() => {
    api.me().then(setMe, (error: { code?: string }) => {
      if (error.code !== 'sign_in') return;
      setSignedOut(true);
      if (route.page !== 'sign-in') location.hash = '#/sign-in';
    });
  }, [live.connected]);

  // the Answer page has keys of its own, this one among them
  useEffect(() => {
    if (route.page === 'answer' || dialog || facts) return;
    const listen = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest('input');
      if (!typing && actionOf(event)?.do === 'help') setDialog('help');
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [route.page, dialog, facts]);

  const waiting = status?.images['asked'] ?? 0;
  useEffect(() => {
    document.title = waiting ? `(${waiting}) semtag` : 'semtag';
  }, [waiting]);

  // what was asked on one page is not answered on another; the address that an answer leads to is the same page
  const place = route.page === 'answer' ? 'answer' : JSON.stringify(route);
  useEffect(() => {
    setDialog(undefined);
    setFacts(undefined);
  }, [place]);

  const { tell, set: setTell } = useTell();
  const pause = usePause(tell.inPauses, status);
  useTelling(tell, status && (pause.held ? 0 : waiting));

  const needName = (then?: (name: string) => void, asks?: Asks, typed = '') => {
    named.current = then;
    setAsks(asks);
    setTyped(typed);
    setDialog('who');
  };
  const answering = route.page === 'answer';
  const work = useQueue(answering ? route.sha256 : undefined, answering, live, person.name, needName);
  async function correctFacts(...what: Parameters<typeof work.correctFacts>): Promise<string | undefined> {
    const refused = await work.correctFacts(...what);
    if (refused === undefined) forgetWider();
    return refused;
  }

  const shared = { route, live, status, me, person, needName };
  const Other = route.page === 'answer' || route.page === 'today' ? undefined : PAGES[route.page];
  return (
    <>
      <TopLine {...shared} page={route.page} signedOut={signedOut} />
      {isManagePage(route.page) && me?.role === 'manager' && <ManageNav page={route.page} />}
      {route.page === 'answer' ? (
        <AnswerPage
          live={live}
          status={status}
          work={work}
          sha256={route.sha256}
          pause={pause}
          nobody={me !== undefined && person.name === undefined}
          askName={(typed) => needName(undefined, undefined, typed)}
          openTell={() => setDialog('tell')}
          openHelp={() => setDialog('help')}
          openFacts={(image) => (person.name ? setFacts(image) : needName(() => setFacts(image)))}
        />
      ) : FOR_MANAGERS.includes(route.page) && me?.role !== 'manager' ? (
        me ? (
          <ForManagers />
        ) : (
          <main class="page" aria-busy />
        )
      ) : Other ? (
        <Other
          {...shared}
          key={route.page === 'series' ? route.id : route.page === 'image' ? route.sha256 : route.page}
        />
      ) : (
        <TodayPage {...shared} show={route.page === 'today' ? route.show : 'all'} />
      )}
      {dialog === 'help' && <HelpDialog page={route.page} close={close} />}
      {dialog === 'tell' && <TellDialog tell={tell} set={setTell} close={close} />}
      {dialog === 'wrong-name' && (
        <WrongNameDialog
          wrong={person.name ?? person.known[0] ?? ''}
          known={person.known}
          signedIn={account !== undefined}
          close={close}
          renamed={work.renamed}
          {...(account || person.name === undefined ? {} : { person })}
        />
      )}
      {facts && <FactsDialog image={facts} save={correctFacts} close={() => setFacts(undefined)} />}
      {dialog === 'who' && account && (
        <AccountDialog me={me!} person={person} close={close} wrong={() => setDialog('wrong-name')} />
      )}
      {dialog === 'who' && !account && (
        <WhoDialog
          person={person}
          asks={asks}
          typed={typed}
          close={close}
          then={(name) => named.current?.(name)}
          wrong={() => setDialog('wrong-name')}
        />
      )}
    </>
  );
}
