// /api/pauses: forwarding and publishing wait for everything, an instrument or a project, while intake goes on; and the end of it. Nothing is lost by either.

import Type from 'typebox';
import { PAUSE_SCOPES, type Paused, type PauseScope } from '../../domain/pause.ts';
import { SemtagError } from '../../errors.ts';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { By } from '../schema.ts';
import { PauseSchema } from '../status.ts';

const WHAT = {
  scope: Type.Unsafe<PauseScope>({ type: 'string', enum: [...PAUSE_SCOPES] }),
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Of the instrument or project; not with all.',
    }),
  ),
  by: By,
};
const Pauses = Type.Object({ pauses: Type.Array(PauseSchema, { description: 'What is paused now.' }) });

export function pauseRoutes(app: App, { store, answers, config }: AppDeps): void {
  /** Throws bad_request, and not_found for what nobody knows or the caller does not see. */
  function known({ scope, name }: Paused, hidden: string[]): Paused {
    if ((scope === 'all') !== (name === undefined))
      throw new SemtagError('bad_request', `name: ${scope === 'all' ? 'not with all' : `of the ${scope}`}`);
    if (name === undefined) return { scope };
    const there =
      scope === 'instrument'
        ? config.instruments.some((one) => one.name === name)
        : store.pauses.knowsProject(name) && !hidden.includes(name);
    if (!there) throw new SemtagError('not_found', `${scope} ${name}`);
    return { scope, name };
  }

  app.post(
    '/api/pauses',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'Pause forwarding, and publishing to harvesters; intake goes on. What is paused already stays as it is', // prettier-ignore
        body: Type.Object(
          {
            ...WHAT,
            reason: Type.String({ description: 'Why, 1 to 500 characters; operators read it.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Pauses, ...ErrorResponses },
      },
    },
    (request) => {
      const { body, sight } = request;
      answers.pause(known(body, sight.hidden), authorOf(request), body.reason);
      return { pauses: store.pauses.seen(sight) };
    },
  );

  app.post(
    '/api/pauses/end',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'Forwarding and publishing go on; what waited is due at once',
        body: Type.Object(WHAT, { additionalProperties: false }),
        response: { 200: Pauses, ...ErrorResponses },
      },
    },
    (request) => {
      const { body, sight } = request;
      // an instrument that left the config can still be resumed
      const paused = store.pauses.seen(sight).some(({ scope, name }) => scope === body.scope && name === body.name); // prettier-ignore
      const what = { scope: body.scope, ...(body.name === undefined ? {} : { name: body.name }) };
      answers.resume(paused ? what : known(what, sight.hidden), authorOf(request));
      return { pauses: store.pauses.seen(sight) };
    },
  );
}
