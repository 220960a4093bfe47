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
