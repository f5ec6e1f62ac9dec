// The search line of the gallery: free text, the filters in force as chips, and one more to add. Says what is looked for; finds nothing itself.

import { useEffect, useRef, useState } from 'preact/hooks';
import { chipWords, FILTERS, numberOf } from '../search-query.ts';

type Query = Record<string, string>;
type Props = { query: Query; change: (query: Query) => void; instruments: string[] };

/** Typing goes on for so long before it is searched. */
const PAUSE_MS = 200;

export function SearchLine({ query, change, instruments }: Props) {
  const box = useRef<HTMLInputElement>(null);
  const words = query['q'] ?? '';
  const [text, setText] = useState(words);
  const asked = text.trim();
  /** what the address says now: filters are chosen while somebody types */
  const now = useRef(query);
  now.current = query;
  /** the words that this line put into the address: they come back without what was typed since */
  const sent = useRef(words);
  useEffect(() => {
    if (words !== sent.current) setText(words);
    sent.current = words;
  }, [words]);
  useEffect(() => {
    if (asked === words) return;
    const timer = setTimeout(() => {
      sent.current = asked;
      change(without(now.current, 'q', asked));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      if (event.key !== '/' || (event.target as HTMLElement).closest('input, select')) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', slash);
    return () => removeEventListener('keydown', slash);
  }, []);
  const chips = FILTERS.filter(({ name }) => query[name] !== undefined);
  return (
    <search class="search">
      <label class="words">
        <span class="unseen">Search images</span>
        <input
          ref={box}
          type="search"
          value={text}
          placeholder="Name, sample, operator, note …  ( / )"
          aria-keyshortcuts="/"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
            event.preventDefault();
            document.querySelector<HTMLElement>('.tile .thumb')?.focus();
          }}
        />
      </label>
      <AddFilter query={query} change={change} hints={{ instrument: instruments }} />
      {chips.length > 0 && (
        <ul class="chips" aria-label="Filters">
          {chips.map((filter) => (
            <li key={filter.name}>
              <button
                aria-label={`Remove ${chipWords(filter, query[filter.name]!)}`}
                onClick={() => change(without(query, filter.name))}
              >
                {chipWords(filter, query[filter.name]!)} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
          <li>
            <button
              class="plain"
              onClick={() => {
                setText('');
                change({});
              }}
            >
              Clear all
            </button>
          </li>
        </ul>
      )}
    </search>
  );
}

function without(query: Query, name: string, value = ''): Query {
  const rest = Object.fromEntries(Object.entries(query).filter(([one]) => one !== name));
  return value ? { ...rest, [name]: value } : rest;
}

type AddProps = Pick<Props, 'query' | 'change'> & { hints: Record<string, string[]> };

function AddFilter({ query, change, hints }: AddProps) {
  const [name, setName] = useState('');
  const [wrong, setWrong] = useState(false);
  const filter = FILTERS.find((one) => one.name === name);
  function add(value: string): void {
    const number = filter!.of === 'number' ? numberOf(value) : undefined;
    if (filter!.of === 'number' && number === undefined) return setWrong(true);
    setWrong(false);
    setName('');
    change(without(query, name, number === undefined ? value : String(number)));
  }
  return (
    <form
      class="add-filter"
      onSubmit={(event) => {
        event.preventDefault();
        const value = new FormData(event.currentTarget).get('value');
        if (typeof value === 'string' && value.trim()) add(value.trim());
      }}
    >
      <label>
        <span class="unseen">Filter by</span>
        <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
          <option value="">Filter by …</option>
          {FILTERS.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      {filter?.choices && (
        <label>
          <span class="unseen">{filter.title}</span>
          <select value="" onChange={(event) => add(event.currentTarget.value)}>
            <option value="">{filter.title} …</option>
            {filter.choices.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
      )}
      {filter && !filter.choices && (
        <>
          <label>
            <span class="unseen">{filter.title}</span>
            <input
              name="value"
              type={filter.of === 'date' ? 'date' : 'text'}
              list={hints[name]?.length ? 'filter-hints' : undefined}
              placeholder={filter.unit ? `for example 5k (${filter.unit})` : filter.title}
              aria-invalid={wrong}
            />
          </label>
          <datalist id="filter-hints">
            {hints[name]?.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <button>Add</button>
          {wrong && <span role="alert">A number is needed, for example 5k.</span>}
        </>
      )}
    </form>
  );
}
