import * as z from 'zod';
import type { MachineRecord } from '../driver.ts';
import type { TerminalName } from '../qemu/qemu-machine.ts';

/** A record of another version is of a machine that this driver does not know how to speak to. */
const VERSION = 1;

const recordSchema = z.strictObject({
  driver: z.literal('docker'),
  version: z.literal(VERSION),
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** As the engine names it. */
  container: z.string().regex(/^[0-9a-f]{64}$/),
  /** Volume of its cable; null: it has none. */
  cable: z.string().nullable(),
  /** In the order of their ports. */
  terminals: z.array(z.strictObject({ id: z.string(), user: z.string() })),
});

export type DockerRecord = z.infer<typeof recordSchema>;

/** What a machine is found by again. */
export const recordedAs = (id: string, { container, cable }: Pick<DockerRecord, 'container' | 'cable'>) => ({
  id,
  makeRecord: (terminals: readonly TerminalName[]): DockerRecord => ({
    ...{ driver: 'docker', version: VERSION, id, container, cable },
    terminals: [...terminals],
  }),
});

export const readRecord = (record: MachineRecord): DockerRecord | undefined => recordSchema.safeParse(record).data;
