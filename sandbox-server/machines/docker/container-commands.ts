import { INSIDE } from '../qemu/mounts.ts';
import { CONTAINER } from './docker-context.ts';

/** What runs in containers: the only beginnings of a command line that the gate lets through. */
export const MUX = ['perl', `${CONTAINER.programs}/mux.pl`] as const;
export const RELAY = ['perl', `${CONTAINER.programs}/relay.pl`] as const;
export const STORE = ['perl', `${CONTAINER.programs}/store.pl`] as const;
/** Followed by the names of the files that are wanted. */
export const PACK_DRAFT = [...STORE, 'pack', INSIDE.draft] as const;
/** Says whose group may open the device. */
export const ASK_DEVICE_GROUP = ['perl', '-e', 'print +(stat "/dev/kvm")[5]'] as const;
/** What nobody has used for so long goes: the first word of a sweep. */
export const UNUSED_DAYS = '30';
/** What a folder of the store is called, and all that may be named to it. */
const DIGEST = /^[0-9a-f]+$/;

/** Whether these words, after those of the store, are an order of ours to it. */
export function isStoreOrder([order, ...rest]: readonly string[]): boolean {
  if (order === 'list') return rest.length === 0;
  if (order === 'put') return rest.length === 1 && areDigests(rest);
  return order === 'sweep' && rest[0] === UNUSED_DAYS && areDigests(rest.slice(1));
}

const areDigests = (words: readonly string[]): boolean => words.every((word) => DIGEST.test(word));
