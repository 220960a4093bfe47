import * as z from 'zod';
import type { MachineRecord } from '../driver.ts';
import type { TerminalName } from '../qemu/qemu-machine.ts';

/** A record of another version is of a machine that this driver does not know how to speak to. */
const VERSION = 1;

const recordSchema = z.strictObject({
  driver: z.literal('local'),
  version: z.literal(VERSION),
  /** Names the machine's folder. */
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** In the order of their ports. */
  terminals: z.array(z.strictObject({ id: z.string(), user: z.string() })),
});

export type LocalRecord = z.infer<typeof recordSchema>;

/** A machine of this id, and what it is found by again. */
export const recordedAs = (id: string) => ({
  id,
  makeRecord: (terminals: readonly TerminalName[]): LocalRecord => ({
    ...{ driver: 'local', version: VERSION, id },
    terminals: [...terminals],
  }),
});

export const readRecord = (record: MachineRecord): LocalRecord | undefined => recordSchema.safeParse(record).data;
