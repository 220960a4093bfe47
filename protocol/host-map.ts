import * as z from 'zod/mini';

/** Most of each that one host of the map has; what is beyond is counted in `more`. */
export const MAP_LIMITS = { hosts: 2, daemons: 6, doors: 12, people: 16, ways: 96, characters: 120 } as const;

/** What a machine says of itself: whoever shows it shows it as text. */
const said = z.string().check(z.maxLength(MAP_LIMITS.characters));

const daemonSchema = z.object({
  /** The same as long as a daemon of this user's is there, however often it is restarted. */
  id: said,
  user: said,
  /** Whoever may give it orders is this on the host: root, or its user and no more. */
  power: z.enum(['root', 'user']),
  /** `asleep`: systemd listens, and starts it for the first who knocks. */
  state: z.enum(['running', 'asleep']),
});
export type MapDaemon = z.infer<typeof daemonSchema>;

/**
 * Where orders are taken. `open` to everybody who gets that far · `group` and owner · `owner` alone · `certificate`: to
 * whoever has one of its authority's · `closed`: there, and nobody behind it · `unknown`: not asked yet, or no answer.
 */
const doorSchema = z.object({
  /** Where it is, which no two have: a path, or an address and a port. */
  id: said,
  kind: z.enum(['socket', 'port', 'proxy']),
  /** Null where nobody is behind it, or nobody knows who. */
  daemon: z.nullable(said),
  state: z.enum(['open', 'group', 'owner', 'certificate', 'closed', 'unknown']),
  /** Of a socket's file: `root:docker 660`. */
  owner: z.nullable(said),
  group: z.nullable(said),
  mode: z.nullable(said),
  /** Of a port: whether what goes through can be read on the way. */
  isEncrypted: z.boolean(),
  /** Of a port: only from this machine. */
  isLocal: z.boolean(),
  /** Of a proxy: the program that answers. */
  program: z.nullable(said),
});
export type MapDoor = z.infer<typeof doorSchema>;

const personSchema = z.object({
  id: said,
  kind: z.enum(['user', 'container', 'machine']),
  name: said,
});
export type MapPerson = z.infer<typeof personSchema>;

/**
 * Users: `everybody` may · `owner` · `group`, for which they are let in · `listed` in an access list · `old-login`: not by
 * their groups, but a login of theirs is older than that · `next-login`: by their groups, but no login has them yet ·
 * `sudo`: everything as root · `sudo-docker`: some docker command as root. Containers: `mount` of the socket, or of a
 * folder it lies in · `files`, `files-read`: all of the host's · `privileged`. Machines: `network` · `certificate`: with
 * one · `blocked` on the way.
 */
const waySchema = z.object({
  from: said,
  /** A door; or a daemon, past all of them, to what it could reach. */
  to: said,
  by: z.enum([
    ...(['everybody', 'owner', 'group', 'listed', 'old-login', 'next-login', 'sudo', 'sudo-docker'] as const),
    ...(['mount', 'files', 'files-read', 'privileged'] as const),
    ...(['network', 'certificate', 'blocked'] as const),
  ]),
});
export type MapWay = z.infer<typeof waySchema>;

const hostSchema = z.object({
  machine: z.string(),
  hostname: z.string(),
  daemons: z.array(daemonSchema).check(z.maxLength(MAP_LIMITS.daemons)),
  doors: z.array(doorSchema).check(z.maxLength(MAP_LIMITS.doors)),
  people: z.array(personSchema).check(z.maxLength(MAP_LIMITS.people)),
  ways: z.array(waySchema).check(z.maxLength(MAP_LIMITS.ways)),
  /** Running containers that have no way to a daemon or to the host's files. */
  harmless: z.number(),
  /** What there was no room for. */
  more: z.number(),
});
export type MapHost = z.infer<typeof hostSchema>;

/** Who can give orders to a Docker daemon of this sandbox, and what they then reach. */
export const hostMapSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('drawn'), hosts: z.array(hostSchema).check(z.maxLength(MAP_LIMITS.hosts)) }),
  /** It would give an answer away: it is drawn once this step is done. */
  z.object({ kind: z.literal('withheld'), after: z.string() }),
]);
export type HostMap = z.infer<typeof hostMapSchema>;
