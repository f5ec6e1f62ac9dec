// The style of the pages of public records: one small sheet, so that they look alike where nothing else of this service is to be had.

export const STYLE = `:root { color-scheme: light dark; --text: #171c21; --quiet: #515c66; --ground: #fbfcfc; --line: #c6ced5; --link: #0a639f; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif; font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaee; --quiet: #a5afb9; --ground: #14171a; --line: #353d45; --link: #6ab7e8; } }
body { margin: 0; background: var(--ground); color: var(--text); }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; }
.quiet { color: var(--quiet); }
code, .hash { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .875rem; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
img { max-width: 100%; height: auto; background: #0a0c0e; }
.shown { display: grid; grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); gap: 1.5rem; align-items: start; margin-top: 1rem; }
@media (max-width: 40rem) { .shown { grid-template-columns: minmax(0, 1fr); } }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: normal; }
tbody th { font-weight: normal; }
td.number { white-space: nowrap; }
ul { margin: .5rem 0; padding-left: 1.25rem; }
`;
