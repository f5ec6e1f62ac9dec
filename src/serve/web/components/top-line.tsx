// The line on top: where one is, how the instruments do, what waits, who answers. Says when the connection is lost.

import type { Me, Status } from '../api.ts';
import { concernsOf } from '../concerns.ts';
import { wallTimes, when } from '../format.ts';
import type { Live } from '../live.ts';
import type { Person } from '../person.ts';
import type { Route } from '../router.ts';
import { Icon } from './icon.tsx';
import { isManagePage } from './manage-nav.tsx';

type Props = {
  page: Route['page'];
  me: Me | undefined;
  live: Live;
  status: Status | undefined;
  /** nobody is signed in, and this machine lets nobody in without */
  signedOut: boolean;
  person: Person;
  needName: () => void;
};

export function TopLine({ page, live, status, me, signedOut, person, needName }: Props) {
  const waiting = status?.images['asked'] ?? 0;
  if (signedOut)
    return (
      <header class="top">
        <strong class="brand">semtag</strong>
      </header>
    );
  return (
    <header class="top">
      <strong class="brand">semtag</strong>
      <nav aria-label="Pages">
        <a href="#/answer" aria-current={page === 'answer' ? 'page' : undefined}>
          Answer{waiting > 0 && <span class="count">{waiting}</span>}
        </a>
        <a href="#/today" aria-current={page === 'today' ? 'page' : undefined}>
          Today
        </a>
        <a href="#/images" aria-current={page === 'images' || page === 'image' ? 'page' : undefined}>
          Images
        </a>
        {me?.role === 'manager' && (
          <a href="#/health" aria-current={isManagePage(page) ? 'page' : undefined}>
            Manage
          </a>
        )}
      </nav>
      {/* read out only when the connection goes: counts that change with every image would never be silent */}
      <p class="state">
        {live.connected && status && <Service status={status} />}
        <span role="status">{!live.connected && <Lost />}</span>
      </p>
      {me && me.name === undefined && page !== 'sign-in' && (
        <a class="quiet" href="#/sign-in">
          Sign in
        </a>
      )}
      {page !== 'sign-in' && <Who person={person} needName={needName} signedIn={me?.name !== undefined} />}
    </header>
  );
}

function Lost() {
  return (
    <span class="tone-bad">
      <Icon name="away" /> Connection lost; it is tried again.
    </span>
  );
}

function Service({ status }: { status: Status }) {
  const { intake, roots, today, pauses } = status;
  // what leaves is paused alone, and that is said right beside it
  const goesOn = pauses.length > 0 ? 'goes on ' : '';
  return (
    <>
      {concernsOf(status).map(({ words, why }) => (
        <span key={words} class="tone-ask" title={why && wallTimes(why)}>
          <Icon name="aside" /> {words}
        </span>
      ))}
      {!intake.paused &&
        roots.map(({ instrument, mode, away }) => (
          <span key={instrument} class={away ? 'tone-bad' : 'instrument'}>
            <Icon name={away ? 'away' : 'dot'} /> {instrument}{' '}
            {away ? `away since ${when(away)}` : `${goesOn}${MODE_WORDS[mode]}`}
          </span>
        ))}
      <span
        title={`Since midnight: ${today.automatic} labelled by itself, ${today.answered} answered by people`}
      >
        {today.automatic + today.answered} labelled or answered today
      </span>
    </>
  );
}

const MODE_WORDS = { auto: 'taking images', ask: 'asking for every image', observe: 'observing only' };

function Who({ person, needName, signedIn }: Pick<Props, 'person' | 'needName'> & { signedIn: boolean }) {
  if (!person.name)
    return (
      <button class="who missing" onClick={() => needName()}>
        Who answers?
      </button>
    );
  return (
    <div class="who">
      <button class="name" title="Who answers; answers under a wrong name" onClick={() => needName()}>
        {person.name}
      </button>
      <button onClick={person.leave}>{signedIn ? 'Sign out' : 'not me'}</button>
    </div>
  );
}
