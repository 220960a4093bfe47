import type { Credentials, FileFact, Permissions } from './facts.ts';

/** For what somebody is let in at a socket: whoever may write to its file may connect. */
export type Admission = 'owner' | 'listed' | 'group' | 'everybody';

const WRITE = 2;
const PASS = 1;

/** Entries of a POSIX access list: the file's owner and others are in the mode as well. */
const LISTED_USER = 2;
const OWNING_GROUP = 4;
const LISTED_GROUP = 8;
const MASK = 16;

interface Entry {
  readonly tag: number;
  readonly bits: number;
  readonly id: number;
}

/** `undefined` when these credentials do not open it. Root's open everything, and are nobody's business here. */
export function admission(who: Credentials, file: FileFact): Admission | undefined {
  if (!file.folders.every((folder) => letsThrough(who, folder))) return undefined;
  if (who.uid === file.uid) return allows(file.mode >> 6, WRITE) ? 'owner' : undefined;
  const entries = readList(file.acl);
  const mask = entries.find(({ tag }) => tag === MASK)?.bits ?? 7;
  const user = entries.find(({ tag, id }) => tag === LISTED_USER && id === who.uid);
  if (user) return allows(user.bits & mask, WRITE) ? 'listed' : undefined;
  // With a list, the mode's middle digit is its mask and not what the owning group may.
  const owning = entries.find(({ tag }) => tag === OWNING_GROUP)?.bits ?? file.mode >> 3;
  const isOfGroup = who.gids.includes(file.gid);
  const groups = entries.filter(({ tag, id }) => tag === LISTED_GROUP && who.gids.includes(id));
  if (isOfGroup && allows(owning & mask, WRITE)) return 'group';
  if (groups.some(({ bits }) => allows(bits & mask, WRITE))) return 'listed';
  if (isOfGroup || groups.length > 0) return undefined;
  return allows(file.mode, WRITE) ? 'everybody' : undefined;
}

function letsThrough({ uid, gids }: Credentials, folder: Permissions): boolean {
  if (uid === folder.uid) return allows(folder.mode >> 6, PASS);
  return allows(gids.includes(folder.gid) ? folder.mode >> 3 : folder.mode, PASS);
}

function allows(bits: number, wanted: number): boolean {
  return (bits & wanted) !== 0;
}

/** A version in four bytes, then eight per entry: tag, permissions, whom it is about. */
function readList(hex: string): Entry[] {
  const bytes = Buffer.from(hex, 'hex');
  const entries: Entry[] = [];
  for (let at = 4; at + 8 <= bytes.length; at += 8) {
    entries.push({ tag: bytes.readUInt16LE(at), bits: bytes.readUInt16LE(at + 2), id: bytes.readUInt32LE(at + 4) });
  }
  return entries;
}
