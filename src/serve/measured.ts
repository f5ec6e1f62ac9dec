// What the process measures of itself while it runs, for /metrics: memory, the event loop, how long reading an image takes. Knows no image.

import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Of the process's own metrics those that tell an operator something. */
const KEPT = [
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'nodejs_eventloop_lag_seconds', // its look fills the next one too
  'nodejs_eventloop_lag_p99_seconds',
];

export type Measured = {
  registry: Registry;
  /** Measures one job of a child: header, pixels and backbone of an image. */
  read<T>(job: () => Promise<T>): Promise<T>;
  close(): void;
};

export function measuring(): Measured {
  const all = new Registry();
  collectDefaultMetrics({ register: all });
  const registry = new Registry();
  for (const name of KEPT) {
    const metric = all.getSingleMetric(name);
    if (metric) registry.registerMetric(metric);
  }
  const seconds = new Histogram({
    name: 'semtag_read_duration_seconds',
    help: 'How long a child took for one image: header, pixels and backbone.',
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers: [registry],
  });
  return {
    registry,
    async read(job) {
      const end = seconds.startTimer();
      const result = await job();
      end();
      return result;
    },
    close() {
      all.clear();
      registry.clear();
    },
  };
}
