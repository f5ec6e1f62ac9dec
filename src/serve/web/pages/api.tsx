// The API page: what programs can ask for, read from the document that the service serves. Calls nothing but that document.

import { useEffect, useState } from 'preact/hooks';
import {
  bodyOf,
  curlOf,
  matches,
  operationsOf,
  typeWords,
  whoMay,
  type Document,
  type Operation,
  type Schema,
} from '../openapi.ts';
import type { PageProps } from '../page-props.ts';
import '../style/api.css';

export function ApiPage(_props: PageProps) {
  const [doc, setDoc] = useState<Document>();
  const [trouble, setTrouble] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    fetch('/api/openapi.json')
      .then((answer) => (answer.ok ? (answer.json() as Promise<Document>) : Promise.reject(new Error())))
      .then(setDoc, () =>
        setTrouble('The description could not be loaded. Nothing is lost; open the page again.'),
      );
  }, []);
  const found = doc ? operationsOf(doc).filter((one) => matches(one, search.trim())) : [];
  const groups = (doc?.tags ?? []).flatMap((tag) => {
    const operations = found.filter((one) => one.tag === tag.name);
    return operations.length > 0 ? [{ ...tag, operations }] : [];
  });
  return (
    <main class="page api" tabIndex={-1} aria-busy={!doc && !trouble}>
      <header>
        <h1>API</h1>
        <input
          type="search"
          aria-label="Search the API"
          placeholder="Search: images, label, series"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <a href="/api/openapi.json">OpenAPI document</a>
      </header>
      {trouble && <p role="alert">{trouble}</p>}
      {doc && <p class="about">{doc.info.description}</p>}
      {groups.map(({ name, description, operations }) => (
        <section key={name} aria-label={name}>
          <h2>
            {name} <small>{description}</small>
          </h2>
          {operations.map((one) => (
            <Call key={`${one.method} ${one.path}`} operation={one} />
          ))}
        </section>
      ))}
      {doc && groups.length === 0 && (
        <p>Nothing has these words. Try a part of an address, such as “images”.</p>
      )}
    </main>
  );
}

function Call({ operation }: { operation: Operation }) {
  const { method, path, summary, description, parameters = [], responses = {} } = operation;
  const body = bodyOf(operation);
  return (
    <details>
      <summary>
        <b>{method}</b> <code>{path}</code> <span>{summary}</span>
      </summary>
      <div>
        {description && <p>{description}</p>}
        <p>For {whoMay(operation)}.</p>
        {parameters.length > 0 && (
          <Fields
            title="Parameters"
            rows={parameters.map((one) => ({
              ...one,
              description: one.description ?? one.schema.description,
            }))}
          />
        )}
        {body && <Fields title="Body, JSON" rows={rowsOf(body)} />}
        <table>
          <caption>Answers</caption>
          <tbody>
            {Object.entries(responses).map(([status, answer]) => (
              <tr key={status}>
                <th scope="row">{status}</th>
                <td>{Object.keys(answer.content ?? {}).join(', ')}</td>
                <td>{answer.description}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <pre tabIndex={0}>{curlOf(operation, location.origin)}</pre>
      </div>
    </details>
  );
}

type Row = {
  name: string;
  in?: string;
  required?: boolean;
  description?: string | undefined;
  schema: Schema;
};

function rowsOf({ properties = {}, required = [] }: Schema): Row[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.includes(name),
    description: schema.description,
  }));
}

function Fields({ title, rows }: { title: string; rows: Row[] }) {
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {rows.map(({ name, in: place, required, schema, description }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              {typeWords(schema)}
              {required ? ', needed' : ''}
              {place ? `, in ${place}` : ''}
            </td>
            <td>{description}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
