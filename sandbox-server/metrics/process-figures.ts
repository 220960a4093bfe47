import { readdirSync } from 'node:fs';
import { availableMemory } from 'node:process';
import type { EventLoopDelay } from './event-loop-delay.ts';
import type { Metrics } from './metrics.ts';

const US_PER_S = 1e6;

/** What the server itself costs, and what the host has left. */
export function addProcessFigures(metrics: Metrics, eventLoop: EventLoopDelay): void {
  metrics.read('drydock_event_loop_delay_seconds', () => {
    const { medianS, p99S, maxS } = eventLoop.last;
    return [
      [{ quantile: '0.5' }, medianS],
      [{ quantile: '0.99' }, p99S],
      [{ quantile: '1' }, maxS],
    ];
  });
  metrics.read('drydock_process_memory_bytes', () => {
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    return [
      [{ kind: 'rss' }, rss],
      [{ kind: 'heap' }, heapUsed],
      [{ kind: 'buffers' }, arrayBuffers],
    ];
  });
  metrics.read('drydock_process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return [[{}, (user + system) / US_PER_S]];
  });
  metrics.read('drydock_process_open_files', () => [[{}, readdirSync('/proc/self/fd').length]]);
  metrics.read('drydock_host_memory_available_bytes', () => [[{}, availableMemory()]]);
}
