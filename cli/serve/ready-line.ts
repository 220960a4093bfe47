import type { AcceleratorName } from '../../sandbox-server/machines/qemu/accelerators.ts';
import { formatDuration } from '../progress/duration.mjs';

export interface Readiness {
  readonly origin: string;
  /** Where its figures are; null where nobody asked for them. */
  readonly metricsPort: number | null;
  /** null: the machines are pretended. */
  readonly accelerator: AcceleratorName | null;
  /** Why it is that one. */
  readonly reason: string;
  readonly seconds: number;
}

export function readyLine({ origin, accelerator, reason, seconds }: Omit<Readiness, 'metricsPort'>): string {
  return `Drydock is ready at ${origin}/ after ${formatDuration(seconds)}. ${describe(accelerator, reason)}`;
}

function describe(accelerator: AcceleratorName | null, reason: string): string {
  if (accelerator === null) return 'Its machines are pretended (DRIVER=fake): nothing typed in them really happens.';
  if (accelerator === 'kvm') return 'Machines run on hardware virtualization.';
  return `Machines are emulated, because ${reason}: everything works, slower than on hardware.`;
}
