// The pages of a manager, side by side below the status line. Shown on each of them.

const PAGES = [
  ['health', 'Health'],
  ['thresholds', 'Thresholds'],
  ['teaching', 'Teaching'],
  ['people', 'People'],
  ['settings', 'Settings'],
  ['api', 'API'],
] as const;

export type ManagePage = (typeof PAGES)[number][0];
export const isManagePage = (page: string): page is ManagePage => PAGES.some(([name]) => name === page);

/** What its data is for managers alone; the others can be read by everybody. */
export const FOR_MANAGERS: readonly string[] = ['health', 'thresholds', 'people', 'settings'];

export function ManageNav({ page }: { page: ManagePage }) {
  return (
    <nav class="manage" aria-label="Manage">
      {PAGES.map(([name, words]) => (
        <a key={name} href={`#/${name}`} aria-current={page === name ? 'page' : undefined}>
          {words}
        </a>
      ))}
    </nav>
  );
}
