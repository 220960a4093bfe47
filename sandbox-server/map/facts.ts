/** What survey.pl has to say of one machine, decoded. */
export interface Facts {
  readonly uptimeS: number;
  readonly daemons: readonly DaemonFact[];
  readonly listeners: readonly ListenerFact[];
  /** Programs, by process, that have a Docker socket and are no daemon: systemd is 1. */
  readonly holders: ReadonlyMap<number, string>;
  /** By path, also of files that are not there: null. */
  readonly files: ReadonlyMap<string, FileFact | null>;
  readonly containers: readonly ContainerFact[];
  /** As which users, and with which groups, processes run; each once, root's left out. */
  readonly logins: readonly Credentials[];
  readonly users: readonly { readonly name: string; readonly uid: number; readonly gid: number }[];
  readonly groups: readonly { readonly name: string; readonly gid: number; readonly members: readonly string[] }[];
  /** Rules of sudoers, one a line. */
  readonly sudo: readonly string[];
  /** Another one whenever the packet filter has changed; empty where it does not matter. */
  readonly firewall: string;
  /** There was more than could be told. */
  readonly isCut: boolean;
}

export interface DaemonFact {
  readonly pid: number;
  readonly uid: number;
  /** In hundredths of a second since the machine began. */
  readonly startedAt: number;
  /** In a network of its own, which nobody outside reaches. */
  readonly isApart: boolean;
}

export interface ListenerFact {
  readonly pid: number;
  readonly inode: string;
  readonly kind: 'unix' | 'tcp';
  /** A path, or an address and a port as people write them. */
  readonly place: string;
}

export interface Permissions {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

export interface FileFact extends Permissions {
  /** POSIX access list as the kernel keeps it, in hex; empty for none. */
  readonly acl: string;
  /** Folders on the way to it that do not let everybody through. */
  readonly folders: readonly Permissions[];
}

export interface ContainerFact {
  readonly daemon: number;
  readonly id: string;
  readonly name: string;
  readonly isRestarting: boolean;
  readonly isPrivileged: boolean;
  readonly mounts: readonly { readonly source: string; readonly isWritable: boolean }[];
}

export interface Credentials {
  readonly uid: number;
  readonly gids: readonly number[];
}

/** More than survey.pl tells, of each. A machine that tells more is not to be worked through. */
const MOST_LINES = 500;
const LONGEST_FIELD = 400;
/** Of what is held against all others: 32 users with 32 rules of sudo take the server 15 ms, 245 of each a second. */
const MOST_OF_A_KIND = 32;

const COMPARED = ['daemon', 'listens', 'holder', 'file', 'login', 'user', 'group', 'sudo'];

/** `undefined` for what is no survey, or the beginning of one. What does not make sense in it is left out. */
export function parseFacts(text: string): Facts | undefined {
  const all = text.trimEnd().split('\n');
  const lines = [...all.slice(0, MOST_LINES), all.at(-1) ?? ''].map((line) =>
    line.split('\t').map((field) => field.slice(0, LONGEST_FIELD)),
  );
  const of = (kind: string) => lines.flatMap(([first, ...fields]) => (first === kind ? [fields] : []));
  const few = (kind: string) => of(kind).slice(0, MOST_OF_A_KIND);
  const [uptime] = of('survey');
  const [end] = of('end');
  if (uptime?.[0] !== '1' || end === undefined) return undefined;
  return {
    uptimeS: Number(uptime[1]) || 0,
    daemons: few('daemon').flatMap(readDaemon),
    listeners: few('listens').flatMap(readListener),
    holders: new Map(few('holder').map(([pid, name = '']) => [Number(pid), name])),
    files: readFiles(few('file'), of('folder')),
    containers: readContainers(of('container'), of('mount')),
    logins: few('login').flatMap(([uid, gid, groups = '']) => {
      const gids = [...new Set([gid ?? '', ...groups.split(' ')])].filter(isNumber).map(Number);
      return isNumber(uid) ? [{ uid: Number(uid), gids }] : [];
    }),
    users: few('user').flatMap(([name = '', uid, gid]) =>
      name !== '' && isNumber(uid) && isNumber(gid) ? [{ name, uid: Number(uid), gid: Number(gid) }] : [],
    ),
    groups: few('group').flatMap(([name = '', gid, members = '']) =>
      name !== '' && isNumber(gid) ? [{ name, gid: Number(gid), members: members.split(',').filter(Boolean) }] : [],
    ),
    sudo: few('sudo').map(([rule = '']) => rule),
    firewall: of('firewall')[0]?.[0] ?? '',
    isCut: end[0] !== 'whole' || all.length > MOST_LINES || COMPARED.some((kind) => of(kind).length > MOST_OF_A_KIND),
  };
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,12}$/.test(text);
}

function readDaemon([pid, uid, startedAt, isApart]: readonly string[]): DaemonFact[] {
  if (!isNumber(pid) || !isNumber(uid)) return [];
  return [{ pid: Number(pid), uid: Number(uid), startedAt: Number(startedAt) || 0, isApart: isApart === '1' }];
}

function readListener([pid, inode = '', kind, place = '']: readonly string[]): ListenerFact[] {
  if (!isNumber(pid) || !isNumber(inode)) return [];
  if (kind === 'unix') return [{ pid: Number(pid), inode, kind, place: place.replace(/^\/var\/run\//, '/run/') }];
  const address = kind === 'tcp' ? readAddress(place) : undefined;
  return address === undefined ? [] : [{ pid: Number(pid), inode, kind: 'tcp', place: address }];
}

/** As /proc/net/tcp has it, words in the order of the processor: `0100007F:0947` is 127.0.0.1:2375. All addresses are `*`. */
function readAddress(text: string): string | undefined {
  const [, address = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text) ?? [];
  if (address === '') return undefined;
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse(),
  );
  const number = Number.parseInt(port, 16);
  if (bytes.every((byte) => byte === 0)) return `*:${number}`;
  if (bytes.length === 4) return `${bytes.join('.')}:${number}`;
  const last = bytes.at(-1);
  if (last === 1 && bytes.slice(0, -1).every((byte) => byte === 0)) return `[::1]:${number}`;
  const words = Array.from({ length: 8 }, (_, at) => (bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0));
  return `[${words.map((word) => word.toString(16)).join(':')}]:${number}`;
}

function readPermissions([uid, gid, mode]: readonly (string | undefined)[]): Permissions | undefined {
  if (!isNumber(uid) || !isNumber(gid) || !/^[0-7]{1,7}$/.test(mode ?? '')) return undefined;
  return { uid: Number(uid), gid: Number(gid), mode: Number.parseInt(mode ?? '', 8) & 0o7777 };
}

function readFiles(files: readonly string[][], folders: readonly string[][]): Map<string, FileFact | null> {
  return new Map(
    files.map(([path = '', ...rest]) => {
      const permissions = readPermissions(rest);
      const onTheWay = folders.flatMap(([to, ...fields]) => (to === path ? (readPermissions(fields) ?? []) : []));
      const file = permissions && { ...permissions, acl: rest[3] ?? '', folders: onTheWay };
      return [path.replace(/^\/var\/run\//, '/run/'), file ?? null] as const;
    }),
  );
}

function readContainers(containers: readonly string[][], mounts: readonly string[][]): ContainerFact[] {
  return containers.map(([daemon, id = '', name = '', isRestarting, isPrivileged]) => ({
    ...{ daemon: Number(daemon), id, name: name === '' ? id : name },
    ...{ isRestarting: isRestarting === '1', isPrivileged: isPrivileged === '1' },
    mounts: mounts.flatMap(([of, isWritable, source = '']) =>
      of === id ? [{ source: source.replace(/(.)\/+$/, '$1'), isWritable: isWritable === '1' }] : [],
    ),
  }));
}
