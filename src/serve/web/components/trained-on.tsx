// What a head was trained on, in words, as the file beside it says; the whole file below. Believes nothing that is not a number.

import { CATEGORIES, categoryTitle } from '../../../domain/categories.ts';
import { percent } from '../../threshold-words.ts';
import { grouped } from '../../../domain/amounts.ts';

type Part = { images?: unknown; groups?: unknown };
type Provenance = {
  data?: Part & { from?: unknown; categories?: Record<string, Part> };
  groupedCrossValidation?: { top1?: unknown };
};

const count = (value: unknown): string => (typeof value === 'number' ? grouped(value) : '–');

export function TrainedOn({ provenance }: { provenance: unknown }) {
  const { data, groupedCrossValidation } = (provenance ?? {}) as Provenance;
  const top1 = groupedCrossValidation?.top1;
  return (
    <details>
      <summary class="quiet">what the head was trained on</summary>
      {data && (
        <p>
          {count(data.images)} images in {count(data.groups)} groups of one origin
          {typeof data.from === 'string' && `, from ${data.from}`}.
          {typeof top1 === 'number' && ` Of groups that it had not seen it named ${percent(top1)} right.`}
        </p>
      )}
      {data?.categories && (
        <table>
          <thead>
            <tr>
              <th scope="col">Category</th>
              <th scope="col">Images</th>
              <th scope="col">Groups</th>
            </tr>
          </thead>
          <tbody>
            {CATEGORIES.map((category) => (
              <tr key={category}>
                <th scope="row">{categoryTitle(category)}</th>
                <td>{count(data.categories![category]?.images)}</td>
                <td>{count(data.categories![category]?.groups)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <details>
        <summary class="quiet">all that its file says</summary>
        <pre>{JSON.stringify(provenance, null, 1)}</pre>
      </details>
    </details>
  );
}
