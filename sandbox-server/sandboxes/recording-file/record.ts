import { crc32 } from 'node:zlib';

/** First in every file; another version is another file format, and such a file is not read. */
export const MAGIC = Buffer.from('drydock terminal 1\n');

export const KINDS = { base: 1, output: 2, size: 3, input: 4, typists: 5 } as const;
export type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** Kind, length of the rest, checksum of the rest and the kind. */
const HEADER_BYTES = 9;

export interface FileRecord {
  readonly kind: Kind;
  /** What is known of the bytes, or all there is. */
  readonly facts: unknown;
  readonly bytes: Uint8Array;
}

const NEWLINE = 0x0a;

export function encodeRecord({ kind, facts, bytes }: FileRecord): Buffer {
  const payload = Buffer.concat([Buffer.from(`${JSON.stringify(facts)}\n`), bytes]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(KINDS[kind]);
  header.writeUInt32BE(payload.length, 1);
  header.writeUInt32BE(crc32(payload, KINDS[kind]), 5);
  return Buffer.concat([header, payload]);
}

/** The records of a file as far as they are whole, and where that ends. */
export function decodeRecords(file: Buffer): { readonly records: FileRecord[]; readonly end: number } {
  const records: FileRecord[] = [];
  let end = MAGIC.length;
  if (!file.subarray(0, end).equals(MAGIC)) return { records, end: 0 };
  for (;;) {
    const record = decodeAt(file, end);
    if (record === undefined) return { records, end };
    records.push(record);
    end += HEADER_BYTES + file.readUInt32BE(end + 1);
  }
}

function decodeAt(file: Buffer, at: number): FileRecord | undefined {
  if (file.length < at + HEADER_BYTES) return undefined;
  const kind = KIND_NAMES.find((name) => KINDS[name] === file.readUInt8(at));
  const from = at + HEADER_BYTES;
  const payload = file.subarray(from, from + file.readUInt32BE(at + 1));
  const isWhole =
    payload.length === file.readUInt32BE(at + 1) && crc32(payload, file.readUInt8(at)) === file.readUInt32BE(at + 5);
  if (kind === undefined || !isWhole) return undefined;
  const newline = payload.indexOf(NEWLINE);
  return { kind, facts: JSON.parse(payload.subarray(0, newline).toString()), bytes: payload.subarray(newline + 1) };
}
