// How a report looks: light and dark, on a screen and on paper. Colours are those of Okabe & Ito (Color Universal Design, 2008), which colour-blind people tell apart.

import { markup } from './markup.ts';

export const STYLE = markup`
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f23;--soft:#57606a;--rule:#d5dae0;--shade:0,114,178;
--s0:#0072b2;--s1:#c75000;--s2:#00795a;--s3:#a8457f;--s4:#57606a}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e8ebee;--soft:#a4adb6;--rule:#363c43;--shade:86,180,233;
--s0:#56b4e9;--s1:#f08a3c;--s2:#2fc296;--s3:#e29ac4;--s4:#a4adb6}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--rule:#bbb;--shade:0,114,178;
--s0:#0072b2;--s1:#c75000;--s2:#00795a;--s3:#a8457f;--s4:#57606a}
body{max-width:none;padding:0}figure,table,.tiles>li{break-inside:avoid}h2{break-after:avoid}nav{display:none}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1.5rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--rule)}
p{max-width:46rem;margin:.5rem 0}a{color:var(--s0)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1rem 0 0;padding:0}
figure{margin:1.25rem 0;max-width:48rem}figcaption{margin-bottom:.25rem}figcaption b{display:block}
figcaption span,caption span,.note{color:var(--soft);font-size:.9rem}
svg{display:block;width:100%;height:auto;font:13px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
svg text{fill:var(--ink)}svg .axis text{fill:var(--soft)}svg .grid{stroke:var(--rule)}svg .base{stroke:var(--soft)}
svg .mark{stroke:var(--ink);stroke-dasharray:2 3}svg .label{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
caption{text-align:left;font-weight:600;padding-bottom:.35rem}caption span{display:block;font-weight:400}
th,td{padding:.22rem .6rem;text-align:left;border-bottom:1px solid var(--rule)}thead th{vertical-align:bottom;font-weight:600}
tbody th{font-weight:400}td.n,th.n{text-align:right}td.own{outline:1px solid var(--soft);outline-offset:-2px}
details{margin:.25rem 0 0;font-size:.92rem}summary{cursor:pointer;color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(11.5rem,1fr));gap:1rem;list-style:none;padding:0}
.tiles li{font-size:.88rem;line-height:1.35;overflow-wrap:anywhere}.tiles img{display:block;width:100%;height:9rem;object-fit:contain;background:#000;margin-bottom:.3rem}
`;

/** How many series of a plot can be told apart. */
export const COLOURS = 5;
