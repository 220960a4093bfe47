/** What a computer that machines run on is made of. */
export interface HostResources {
  readonly memoryBytes: number;
  readonly processors: number;
}

const MIB = 1024 * 1024;
/** Typical use, not the size the guest sees: machines share their template's memory until they write to it. */
const TYPICAL_SHARE_OF_MACHINE_MEMORY = 0.25;
const SHARE_OF_HOST_MEMORY = 0.75;
/** An idle machine takes about 1 % of a processor; this leaves room for a class that types. */
const SANDBOXES_PER_PROCESSOR = 16;

/** How many sandboxes a host has room for; at least one. */
export function sandboxesThatFit({ memoryBytes, processors }: HostResources, machineMemoryMib: number): number {
  const byMemory = (memoryBytes * SHARE_OF_HOST_MEMORY) / (machineMemoryMib * MIB * TYPICAL_SHARE_OF_MACHINE_MEMORY);
  return Math.max(1, Math.floor(Math.min(byMemory, processors * SANDBOXES_PER_PROCESSOR)));
}
