// Who answers: a name that people pick themselves, kept in this browser and gone after half an hour without them. No authentication.

import { useEffect, useState } from 'preact/hooks';

const IDLE_MS = 30 * 60_000;
const CHECK_MS = 15_000;
const PERSON = 'semtag.person';
const PEOPLE = 'semtag.people';
const KNOWN_NAMES = 8;

export type Person = {
  name: string | undefined;
  /** names used in this browser, newest first */
  known: string[];
  choose: (name: string) => void;
  leave: () => void;
};

type Kept = { name: string; at: number };

/** `account`: who is signed in; the name is theirs then, and "not me" signs out. */
export function usePerson(account?: { name: string; signOut: () => void }): Person {
  const [name, setName] = useState(present);
  useEffect(() => {
    const check = () => setName(present());
    let last = 0;
    const active = () => {
      // not before looking whether the one who was here is long gone: the first key of the next one must not keep the name
      check();
      const kept = read<Kept>(PERSON);
      if (!kept || !present() || Date.now() - last < 5_000) return;
      last = Date.now();
      write(PERSON, { ...kept, at: last });
    };
    const timer = setInterval(check, CHECK_MS);
    addEventListener('storage', check); // chosen in another tab
    for (const event of ['keydown', 'pointerdown', 'wheel']) addEventListener(event, active, true);
    return () => {
      clearInterval(timer);
      removeEventListener('storage', check);
      for (const event of ['keydown', 'pointerdown', 'wheel']) removeEventListener(event, active, true);
    };
  }, []);
  if (account) return { name: account.name, known: [], choose: () => undefined, leave: account.signOut };
  return {
    name,
    known: read<string[]>(PEOPLE) ?? [],
    choose(chosen) {
      const known = [chosen, ...(read<string[]>(PEOPLE) ?? []).filter((n) => n !== chosen)];
      write(PEOPLE, known.slice(0, KNOWN_NAMES));
      write(PERSON, { name: chosen, at: Date.now() });
      setName(chosen);
    },
    leave() {
      localStorage.removeItem(PERSON);
      setName(undefined);
    },
  };
}

function present(): string | undefined {
  const kept = read<Kept>(PERSON);
  return kept && Date.now() - kept.at < IDLE_MS ? kept.name : undefined;
}

function read<T>(key: string): T | undefined {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, value: unknown): void {
  localStorage.setItem(key, JSON.stringify(value));
}
