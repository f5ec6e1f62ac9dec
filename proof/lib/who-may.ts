// Who may call what, written down by hand: the proof of access holds the service against it. A route that is not here fails the proof.

export type Needs = 'open' | 'harvest' | 'known' | 'read' | 'answer' | 'manage';

/** The kinds of callers that each lets in. */
export const LETS_IN: Record<Needs, readonly string[]> = {
  open: ['nobody', 'this machine', 'harvester', 'operator', 'manager'],
  harvest: ['this machine', 'harvester', 'operator', 'manager'],
  known: ['this machine', 'harvester', 'operator', 'manager'],
  read: ['this machine', 'operator', 'manager'],
  answer: ['this machine', 'operator', 'manager'],
  manage: ['manager'],
};

const ROUTES: Record<Needs, string> = {
  open: `
    GET /health/live
    GET /health/ready
    POST /api/sign-in
    POST /api/sign-out
    POST /api/link
    POST /api/link/use`,
  harvest: `
    GET /oai
    POST /oai
    GET /records/{uuid}
    GET /records/{uuid}.json
    GET /records/{uuid}.xmp
    GET /records/{uuid}.datacite.xml
    GET /records/{uuid}.dc.xml
    GET /records/{uuid}.jsonld
    GET /records/{uuid}.ro-crate.json
    GET /records/{uuid}.kit-sem.json
    GET /records/{uuid}.csv
    GET /records/{uuid}/linkset.json
    GET /records/{uuid}/revisions
    GET /records/{uuid}/revisions/{revision}.json
    GET /records/{uuid}/thumb.jpg
    GET /records/{uuid}/file
    GET /records/style.css
    GET /search.json
    GET /sitemap.xml
    GET /sitemap-{part}.xml
    GET /catalog.jsonld
    GET /vocabulary.ttl
    GET /vocabulary.jsonld`,
  known: `
    GET /api/me
    POST /api/password`,
  read: `
    GET /api/status
    GET /api/images
    GET /api/images/{sha256}
    GET /api/images/{sha256}/thumb
    GET /api/images/{sha256}/picture
    GET /api/images/{sha256}/file
    GET /api/images/{sha256}/history
    GET /api/images/{sha256}/record
    GET /api/images/{sha256}/similar
    GET /api/images/{sha256}/wider
    GET /api/series/{id}
    GET /api/events
    GET /metrics`,
  answer: `
    POST /api/images/{sha256}/label
    POST /api/images/{sha256}/undo
    POST /api/images/{sha256}/retry
    GET /api/prompts
    GET /api/checks
    GET /api/own
    GET /api/answers
    POST /api/answers/name
    POST /api/facts
    POST /api/screens
    POST /api/series/{id}/split
    POST /api/series/{id}/join
    GET /api/teaching
    GET /api/thresholds
    GET /api/thresholds/what-if
    GET /api/thresholds/plots
    GET /api/quarantine
    POST /api/quarantine/retry
    POST /api/files/{id}/retry
    GET /api/queues`,
  manage: `
    POST /api/teaching
    POST /api/thresholds
    POST /api/thresholds/roll-back
    GET /api/settings
    GET /api/export
    GET /api/reports
    GET /api/reports/{name}
    POST /api/pauses
    POST /api/pauses/end
    GET /api/people
    POST /api/people/users
    POST /api/people/users/{id}
    POST /api/people/users/{id}/link
    POST /api/people/first-manager
    POST /api/people/tokens
    POST /api/people/tokens/{id}/revoke
    POST /api/people/stations
    POST /api/people/stations/{id}/revoke`,
};

/** `METHOD path` to what it needs. */
export const WHO_MAY: ReadonlyMap<string, Needs> = new Map(
  (Object.keys(ROUTES) as Needs[]).flatMap((needs) =>
    ROUTES[needs]
      .trim()
      .split(/\s*\n\s*/)
      .filter((route) => route !== '')
      .map((route): [string, Needs] => [route, needs]),
  ),
);
