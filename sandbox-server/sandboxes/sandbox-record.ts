import * as z from 'zod';
import { sheetRecordSchema } from '../checks/sheet.ts';

/** A server keeps of a sandbox what the next one needs to go on with it. Of another version it is not gone on with. */
const VERSION = 1;

const recordSchema = z.strictObject({
  version: z.literal(VERSION),
  id: z.string(),
  epoch: z.int(),
  /** By role: what its driver finds each machine by. */
  machines: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** By secret id: contents that checks are given. */
  secrets: z.record(z.string(), z.string()),
  /** Milliseconds since 1970: when it ends, and when at the latest. */
  deadline: z.number(),
  latest: z.number(),
  sheet: sheetRecordSchema,
  /** Whether the learner has entered a line: until then nothing in the machines is their doing. */
  hasActed: z.boolean(),
});

export type SandboxRecord = z.infer<typeof recordSchema>;

export const writeRecord = (record: Omit<SandboxRecord, 'version'>): string =>
  JSON.stringify({ version: VERSION, ...record });

/** `undefined` for what an older or newer server wrote in a way this one does not know. */
export function readRecord(text: string): SandboxRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
