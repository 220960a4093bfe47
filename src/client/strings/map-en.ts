import type { MapDoor } from '../../../protocol/host-map.ts';
import { type MapStrings, portOf } from './map-strings.ts';

const named = (door: MapDoor | null) => {
  if (door === null) return 'the host';
  return door.kind === 'port' ? `port ${portOf(door)}` : `\`${door.id}\``;
};

const ports: Readonly<Record<MapDoor['state'], string>> = {
  open: 'open, and asks nobody who they are',
  certificate: 'open to whoever shows a certificate',
  group: 'open to a group',
  owner: 'open to its owner',
  closed: 'closed',
  unknown: 'open, and does not answer yet',
};

const sockets = ({ state, owner, group }: MapDoor): string => {
  if (state === 'open') return 'open to everybody on the machine';
  if (state === 'group') return `open to ${owner} and the group ${group}`;
  if (state === 'closed') return 'there, with nobody behind it';
  return `open to ${owner} alone`;
};

const fileWords = ({ owner, group, mode }: MapDoor) => (mode === null ? '' : ` (${owner}:${group}, mode ${mode})`);

export const MAP_EN: MapStrings = {
  title: 'Host map',
  joint: ' ',
  asText: 'As text',
  looking: 'Looking at the machine…',
  quiet: 'Who gets to Docker’s daemon, and what they then have. It follows what you do.',
  withheld: (step) => `The map would give step ${step} away. It is drawn once that is done.`,
  columns: ['Who', 'Door', 'Daemon', 'Within reach'],
  nobody: 'Nobody but root',
  noDaemon: 'No daemon',
  way: ({ by }, door) =>
    ({
      everybody: 'like everybody',
      owner: 'owns the socket',
      group: `group ${door?.group ?? 'docker'}`,
      listed: 'access list',
      'old-login': 'by an old login',
      'next-login': 'from the next login on',
      sudo: 'sudo',
      'sudo-docker': 'sudo, for docker',
      mount: 'socket mounted',
      files: 'host’s files mounted',
      'files-read': 'host’s files, read-only',
      privileged: 'privileged',
      network: 'over the network',
      certificate: 'only with a certificate',
      blocked: 'stopped on the way',
    })[by],
  noWay: 'no way in',
  door: ({ state, group, isEncrypted, program }) => {
    if (program !== null) return `${program} in front`;
    if (state === 'open') return isEncrypted ? 'TLS, open to anybody' : 'open to anybody';
    const words = { group: `group ${group} only`, owner: 'owner only', certificate: 'needs a certificate' };
    return { ...words, closed: 'nobody behind it', unknown: 'no answer yet' }[state];
  },
  daemon: ({ user, state }) => [
    state === 'asleep' ? 'systemd' : 'dockerd',
    state === 'asleep' ? 'starts one on demand' : `as ${user}`,
  ],
  reach: ({ power, user }, hostname) =>
    power === 'root' ? [`All of ${hostname}`, 'as root'] : [`What ${user} has`, 'and no more'],
  said: {
    daemon: ({ user, power, state }, hostname) => {
      const then = power === 'root' ? `is root on ${hostname}` : `has what ${user} has on ${hostname}, and no more`;
      const runs =
        state === 'asleep'
          ? `No dockerd runs; systemd starts one as ${user} for the first who connects`
          : `dockerd runs as ${user}`;
      return `${runs}. Whoever gives it orders ${then}.`;
    },
    noDaemon: (hostname) => `No Docker daemon runs on ${hostname}.`,
    door: (door) => {
      const place = door.isLocal ? ', from this machine alone,' : '';
      if (door.kind === 'port')
        return `Port ${portOf(door)} at \`${door.id}\`${place} is ${ports[door.state]}${door.isEncrypted ? ' (TLS)' : ''}.`;
      const behind = door.program === null ? '' : ` ${door.program} answers there.`;
      return `\`${door.id}\`${fileWords(door)} is ${sockets(door)}.${behind}`;
    },
    letIn: (people) => `Let in: ${people.join('; ')}.`,
    person: (name, way) => `${name} (${way})`,
    past: ({ name }, { by }, daemon) => {
      const words: Partial<Record<typeof by, string>> = {
        privileged: 'is privileged, which is as good as all that the daemon may',
        files: 'has files of the host mounted, and may write to them',
        'files-read': 'has files of the host mounted, and may read them',
      };
      return `The container ${name} (${daemon}) ${words[by] ?? by}.`;
    },
    noWay: (names) => `No way in: ${names.join(', ')}.`,
    harmless: (count) =>
      count === 1
        ? 'One more container runs that reaches none of this.'
        : `${count} more containers run that reach none of this.`,
    more: (count) => `There is more than the map has room for (${count}).`,
  },
  change: (change) => {
    switch (change.kind) {
      case 'door-gone':
        return change.door.kind === 'port'
          ? `Port ${portOf(change.door)} is closed.`
          : `\`${change.door.id}\` is gone.`;
      case 'door-came':
      case 'door-changed': {
        const { door } = change;
        if (door.kind === 'port')
          return `Port ${portOf(door)}${door.isLocal ? ' on this machine' : ''} is ${ports[door.state]}${door.isEncrypted ? ' (TLS)' : ''}.`;
        return `\`${door.id}\`${fileWords(door)} is ${sockets(door)}.`;
      }
      case 'daemon-gone':
        return `The daemon of ${change.daemon.user} has stopped.`;
      case 'daemon-asleep':
        return `The daemon of ${change.daemon.user} has stopped; systemd starts it for the next who connects.`;
      case 'daemon-came':
        return `A daemon runs as ${change.daemon.user}.`;
      default:
        return changedWay(change);
    }
  },
};

function changedWay({
  kind,
  person,
  way,
  door,
}: Extract<Parameters<MapStrings['change']>[0], { way: unknown }>): string {
  const who = person.kind === 'container' ? `The container ${person.name}` : person.name;
  if (kind === 'way-gone') {
    if (person.kind === 'container') return `${who} has no way to the daemon or the host any more.`;
    return person.kind === 'machine'
      ? `${who} does not get to ${named(door)} any more.`
      : `${who} has lost a way in, through ${named(door)}.`;
  }
  const words: Readonly<Record<typeof way.by, string>> = {
    everybody: `${who} gets in through ${named(door)}, like everybody.`,
    owner: `${who} owns ${named(door)} and gets in.`,
    group: `${who} gets in, by the group ${door?.group ?? 'docker'}.`,
    listed: `${who} gets in, by an access list.`,
    'old-login': `${who} is no longer in the group ${door?.group ?? 'docker'}; a login from before still is.`,
    'next-login': `${who} is let in, from the next login on.`,
    sudo: `${who} gets in only with sudo.`,
    'sudo-docker': `${who} may run docker with sudo.`,
    mount: `${who} has ${named(door)} mounted.`,
    files: `${who} has files of the host mounted, to read and write.`,
    'files-read': `${who} has files of the host mounted, to read.`,
    privileged: `${who} is privileged: whoever is in it has the host.`,
    network: `${who} gets to ${named(door)}.`,
    certificate: `${who} gets in at ${named(door)} only with a certificate.`,
    blocked: `${who} is stopped on the way to ${named(door)}.`,
  };
  return words[way.by];
}
