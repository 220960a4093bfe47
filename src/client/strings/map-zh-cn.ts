import type { MapDoor } from '../../../protocol/host-map.ts';
import { type MapStrings, portOf } from './map-strings.ts';

/** 代码前的那个空格由它自己带着。 */
const named = (door: MapDoor | null) => {
  if (door === null) return '宿主机';
  return door.kind === 'port' ? `端口 ${portOf(door)}` : ` \`${door.id}\``;
};

const ports: Readonly<Record<MapDoor['state'], string>> = {
  open: '开着，谁来都不问身份',
  certificate: '开着，出示证书才能进',
  group: '只对一个组开放',
  owner: '只对所有者开放',
  closed: '已关闭',
  unknown: '开着，还没有回答',
};

const sockets = ({ state, owner, group }: MapDoor): string => {
  if (state === 'open') return '对本机所有人开放';
  if (state === 'group') return `对 ${owner} 和 ${group} 组开放`;
  if (state === 'closed') return '还在，背后没有进程';
  return `只对 ${owner} 开放`;
};

const fileWords = ({ owner, group, mode }: MapDoor) => (mode === null ? '' : `（${owner}:${group}，权限 ${mode}）`);

export const MAP_ZH_CN: MapStrings = {
  title: '主机图',
  joint: '',
  asText: '文字版',
  looking: '正在查看机器…',
  quiet: '谁能找到 Docker 的守护进程，找到之后能拿到什么。它随你的操作变化。',
  withheld: (step) => `现在画出来，第 ${step} 步的答案就露了。那一步完成后再画。`,
  columns: ['谁', '门', '守护进程', '进去之后'],
  nobody: '除了 root，没有别人',
  noDaemon: '没有守护进程',
  way: ({ by }, door) =>
    ({
      everybody: '人人都行',
      owner: '套接字归其所有',
      group: `${door?.group ?? 'docker'} 组`,
      listed: '访问控制列表',
      'old-login': '靠旧的登录',
      'next-login': '下次登录起生效',
      sudo: 'sudo',
      'sudo-docker': 'sudo，限 docker 命令',
      mount: '挂载了套接字',
      files: '挂载了宿主机的文件',
      'files-read': '只读挂载了宿主机的文件',
      privileged: '特权容器',
      network: '通过网络',
      certificate: '有证书才行',
      blocked: '半路被拦',
    })[by],
  noWay: '进不去',
  door: ({ state, group, isEncrypted, program }) => {
    if (program !== null) return `前面是 ${program}`;
    if (state === 'open') return isEncrypted ? 'TLS，谁都能进' : '谁都能进';
    const words = { group: `只限 ${group} 组`, owner: '只限所有者', certificate: '需要证书' };
    return { ...words, closed: '背后没有进程', unknown: '还没有回答' }[state];
  },
  daemon: ({ user, state }) => [
    state === 'asleep' ? 'systemd' : 'dockerd',
    state === 'asleep' ? '有人来就启动' : `身份是 ${user}`,
  ],
  reach: ({ power, user }, hostname) =>
    power === 'root' ? [`整台 ${hostname}`, '以 root 的身份'] : [`${user} 有的`, '仅此而已'],
  said: {
    daemon: ({ user, power, state }, hostname) => {
      const then =
        power === 'root'
          ? `谁能向它下命令，谁在 ${hostname} 上就是 root`
          : `谁能向它下命令，谁在 ${hostname} 上就有 ${user} 的一切，仅此而已`;
      const runs =
        state === 'asleep'
          ? `dockerd 没有运行，一有人连接，systemd 就以 ${user} 的身份启动它`
          : `dockerd 以 ${user} 的身份运行`;
      return `${runs}。${then}。`;
    },
    noDaemon: (hostname) => `${hostname} 上没有 Docker 守护进程在运行。`,
    door: (door) => {
      if (door.kind === 'port') {
        const place = door.isLocal ? '，只在本机可达' : '';
        return `端口 ${portOf(door)}（\`${door.id}\`${door.isEncrypted ? '，TLS' : ''}${place}）${ports[door.state]}。`;
      }
      const behind = door.program === null ? '' : `在那里回答的是 ${door.program}。`;
      return `\`${door.id}\`${fileWords(door)}${sockets(door)}。${behind}`;
    },
    letIn: (people) => `进得去的：${people.join('；')}。`,
    person: (name, way) => `${name}（${way}）`,
    past: ({ name }, { by }, daemon) => {
      const words: Partial<Record<typeof by, string>> = {
        privileged: '是特权容器，等于拥有守护进程的一切权力',
        files: '挂载了宿主机的文件，可以写',
        'files-read': '挂载了宿主机的文件，可以读',
      };
      return `容器 ${name}（${daemon}）${words[by] ?? by}。`;
    },
    noWay: (names) => `进不去的：${names.join('、')}。`,
    harmless: (count) => `另有 ${count} 个容器在运行，碰不到这些。`,
    more: (count) => `还有图上放不下的（${count}）。`,
  },
  change: (change) => {
    switch (change.kind) {
      case 'door-gone':
        return change.door.kind === 'port' ? `端口 ${portOf(change.door)} 关上了。` : `\`${change.door.id}\` 没有了。`;
      case 'door-came':
      case 'door-changed': {
        const { door } = change;
        if (door.kind === 'port') {
          const about = [door.isEncrypted ? 'TLS' : '', door.isLocal ? '仅本机' : ''].filter(Boolean).join('，');
          return `端口 ${portOf(door)}${about ? `（${about}）` : ' '}${ports[door.state]}。`;
        }
        return `\`${door.id}\`${fileWords(door)}${sockets(door)}。`;
      }
      case 'daemon-gone':
        return `${change.daemon.user} 的守护进程停了。`;
      case 'daemon-asleep':
        return `${change.daemon.user} 的守护进程停了；再有人连接，systemd 会启动它。`;
      case 'daemon-came':
        return `有守护进程以 ${change.daemon.user} 的身份运行。`;
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
  const who = person.kind === 'container' ? `容器 ${person.name} ` : `${person.name} `;
  if (kind === 'way-gone') {
    if (person.kind === 'container') return `${who}再也碰不到守护进程和宿主机。`;
    return person.kind === 'machine'
      ? `${who}再也到不了${named(door)}。`
      : `${who}少了一条路：不能再走${named(door)}。`;
  }
  const group = `${door?.group ?? 'docker'} 组`;
  const words: Readonly<Record<typeof way.by, string>> = {
    everybody: `${who}和别人一样，能从${named(door)} 进去。`,
    owner: `${who}是${named(door)} 的所有者，进得去。`,
    group: `${who}进得去，凭的是 ${group}。`,
    listed: `${who}进得去，凭的是访问控制列表。`,
    'old-login': `${who}已经不在 ${group}里，但有一个旧的登录还在。`,
    'next-login': `${who}下次登录起就能进去。`,
    sudo: `${who}只能用 sudo 进去。`,
    'sudo-docker': `${who}可以用 sudo 运行 docker。`,
    mount: `${who}挂载了${named(door)}。`,
    files: `${who}挂载了宿主机的文件，可读可写。`,
    'files-read': `${who}挂载了宿主机的文件，只读。`,
    privileged: `${who}是特权容器：在它里面就等于在宿主机上。`,
    network: `${who}能到达${named(door)}。`,
    certificate: `${who}要有证书才能从${named(door)} 进去。`,
    blocked: `${who}去${named(door)} 的路上被拦住了。`,
  };
  return words[way.by];
}
