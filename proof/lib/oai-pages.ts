// A harvest of a whole catalogue, page after page: how long each page takes, and how much memory the service holds in each tenth of it.

import { readFileSync } from 'node:fs';
import { fractions } from './oai-protocol.ts';
import { percentile } from './table.ts';

export type Pages = {
  records: number;
  pages: number;
  /** ms of each page, request to last byte */
  p95: number;
  median: number;
  slowest: number;
  /** resident memory of the service, MB: the most after any page of each tenth; a collector of garbage lets it swing between two of them */
  tenths: number[];
  fractions: number;
};

/** `expected`: so many records are there. `pid`: of the service. */
export async function allPages(url: string, prefix: string, pid: number, expected: number): Promise<Pages> {
  const ms: number[] = [];
  const ids = new Set<string>();
  const tenths = Array.from({ length: 10 }, () => 0);
  let odd = 0;
  let asked = `verb=ListRecords&metadataPrefix=${prefix}`;
  for (;;) {
    const start = performance.now();
    const xml = await (await fetch(`${url}?${asked}`)).text();
    ms.push(performance.now() - start);
    for (const match of xml.matchAll(/<header><identifier>([^<]*)</g)) ids.add(match[1]!);
    odd += fractions(xml).length;
    const tenth = Math.min(9, Math.floor((ids.size / expected) * 10));
    tenths[tenth] = Math.max(tenths[tenth]!, resident(pid)); // once NaN, always NaN
    const token = /<resumptionToken[^>]*>([^<]+)</.exec(xml)?.[1];
    if (token === undefined) break;
    asked = `verb=ListRecords&resumptionToken=${encodeURIComponent(token)}`;
  }
  return {
    records: ids.size,
    pages: ms.length,
    p95: percentile(ms, 0.95),
    median: percentile(ms, 0.5),
    slowest: Math.max(...ms),
    tenths,
    fractions: odd,
  };
}

/** MB; NaN where there is no /proc. */
function resident(pid: number): number {
  try {
    const kB = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return (Number(kB) * 1024) / 1e6;
  } catch {
    return NaN;
  }
}
