import type { AcceleratorName } from '../../sandbox-server/machines/qemu/accelerators.ts';
import { formatDuration } from '../progress/duration.mjs';

export interface Readiness {
  /** Where it listens. */
  readonly origin: string;
  /** What learners open: where others come in, that is another address. */
  readonly publicOrigin: string;
  /** Where its figures are; null where nobody asked for them. */
  readonly metricsPort: number | null;
  /** null: the machines are pretended. */
  readonly accelerator: AcceleratorName | null;
  /** Why it is that one. */
  readonly reason: string;
  readonly seconds: number;
}

export function readyLine({
  publicOrigin,
  accelerator,
  reason,
  seconds,
}: Omit<Readiness, 'metricsPort' | 'origin'>): string {
  return `Drydock is ready at ${publicOrigin}/ after ${formatDuration(seconds)}. ${describe(accelerator, reason)}`;
}

function describe(accelerator: AcceleratorName | null, reason: string): string {
  if (accelerator === null) return 'Its machines are pretended (DRIVER=fake): nothing typed in them really happens.';
  if (accelerator === 'kvm') return 'Machines run on hardware virtualization.';
  return `Machines are emulated, because ${reason}: everything works, slower than on hardware.`;
}
