// Text that is safe to stand in a report: whatever is put into an `markup` template is escaped unless it is Markup already. Never trusts a string.

declare const made: unique symbol;

/** Only `markup` and `joined` make it. */
export type Markup = { readonly text: string; readonly [made]: true };

type Part = string | number | Markup | undefined | readonly Markup[];

/** A template of HTML or SVG (not named `html`, which formatters take for a language of their own); undefined parts are left out. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return raw(strings.reduce((text, string, i) => text + textOf(parts[i - 1]) + string));
}

export function joined(parts: readonly Markup[], between = ''): Markup {
  return raw(parts.map(({ text }) => text).join(escaped(between)));
}

/** Letters and digits of a title, for ids: `Table 2: confusion` -> `table-2-confusion`. */
export function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'object') return 'text' in part ? part.text : joined(part).text;
  return escaped(String(part));
}

function escaped(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (c) => names[c]!);
}

function raw(text: string): Markup {
  return { text } as Markup;
}
