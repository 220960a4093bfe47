import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostMap, MapDoor, MapHost, MapWay } from '../../../protocol/host-map.ts';
import { MAP_EN } from '../strings/map-en.ts';
import { MAP_ZH_CN } from '../strings/map-zh-cn.ts';
import { compareMaps } from './compare-maps.ts';

const SOCKET: MapDoor = {
  ...{ id: '/run/docker.sock', kind: 'socket', daemon: 'root', state: 'group', program: null },
  ...{ owner: 'root', group: 'docker', mode: '660', isEncrypted: false, isLocal: true },
};
const PORT: MapDoor = {
  ...{ id: '*:2375', kind: 'port', daemon: 'root', state: 'open', program: null },
  ...{ owner: null, group: null, mode: null, isEncrypted: false, isLocal: false },
};
const HOST: MapHost = {
  ...{ machine: 'host', hostname: 'dock', harmless: 0, more: 0 },
  daemons: [{ id: 'root', user: 'root', power: 'root', state: 'running' }],
  doors: [SOCKET],
  people: [
    { id: 'user alice', kind: 'user', name: 'alice' },
    { id: 'machine kali', kind: 'machine', name: 'kali' },
  ],
  ways: [{ from: 'user alice', to: SOCKET.id, by: 'group' }],
};

const drawn = (host: Partial<MapHost>): HostMap => ({ kind: 'drawn', hosts: [{ ...HOST, ...host }] });
const withAlice = (...by: MapWay['by'][]) =>
  drawn({ ways: by.map((one) => ({ from: 'user alice', to: SOCKET.id, by: one })) });

/** What is said in each language, a sentence a line. */
function said(before: HostMap | null, after: HostMap | null): readonly [en: string[], zhCn: string[]] {
  const { changes } = compareMaps(before, after);
  return [changes.map((change) => MAP_EN.change(change)), changes.map((change) => MAP_ZH_CN.change(change))];
}

describe('compareMaps', () => {
  it('has nothing to say of a first map, of the same again, or of one that is withheld', () => {
    assert.deepEqual(said(null, drawn({})), [[], []]);
    assert.deepEqual(said(drawn({}), drawn({})), [[], []]);
    assert.deepEqual(said({ kind: 'withheld', after: 'look' }, drawn({})), [[], []]);
  });

  it('says that a group is left, and that a login is not', () => {
    assert.deepEqual(said(withAlice('group'), withAlice('old-login')), [
      ['alice is no longer in the group docker; a login from before still is.'],
      ['alice 已经不在 docker 组里，但有一个旧的登录还在。'],
    ]);
    assert.deepEqual(said(withAlice('old-login'), withAlice()), [
      ['alice has lost a way in, through `/run/docker.sock`.'],
      ['alice 少了一条路：不能再走 `/run/docker.sock`。'],
    ]);
  });

  it('says once that a port is closed, and not of everybody who came through it', () => {
    const open = drawn({
      doors: [PORT, SOCKET],
      ways: [
        ...HOST.ways,
        { from: 'machine kali', to: PORT.id, by: 'network' },
        { from: 'user alice', to: PORT.id, by: 'everybody' },
      ],
    });
    assert.deepEqual(said(open, drawn({})), [['Port 2375 is closed.'], ['端口 2375 关上了。']]);
    assert.deepEqual(said(drawn({}), open)[0], ['Port 2375 is open, and asks nobody who they are.']);
    assert.deepEqual([...compareMaps(open, drawn({})).touched], ['host *:2375']);
  });

  it('waits with a new port until that has answered', () => {
    const silent = drawn({ doors: [{ ...PORT, state: 'unknown' }, SOCKET] });
    const open = drawn({ doors: [PORT, SOCKET] });
    assert.deepEqual(said(drawn({}), silent)[0], []);
    assert.deepEqual(said(silent, open), [
      ['Port 2375 is open, and asks nobody who they are.'],
      ['端口 2375 开着，谁来都不问身份。'],
    ]);
  });

  it('says what a port asks for now', () => {
    const mutual: MapDoor = { ...PORT, id: '*:2376', state: 'certificate', isEncrypted: true };
    const open: MapDoor = { ...mutual, state: 'open' };
    assert.deepEqual(said(drawn({ doors: [open] }), drawn({ doors: [mutual] })), [
      ['Port 2376 is open to whoever shows a certificate (TLS).'],
      ['端口 2376（TLS）开着，出示证书才能进。'],
    ]);
  });

  it('says what a socket’s file is like now', () => {
    const open = drawn({ doors: [{ ...SOCKET, state: 'open', mode: '666' }] });
    assert.deepEqual(said(drawn({}), open), [
      ['`/run/docker.sock` (root:docker, mode 666) is open to everybody on the machine.'],
      ['`/run/docker.sock`（root:docker，权限 666）对本机所有人开放。'],
    ]);
  });

  it('says that a daemon sleeps, has gone, or runs', () => {
    const asleep = drawn({ daemons: [{ id: 'root', user: 'root', power: 'root', state: 'asleep' }] });
    assert.deepEqual(said(drawn({}), asleep)[0], [
      'The daemon of root has stopped; systemd starts it for the next who connects.',
    ]);
    assert.deepEqual(said(asleep, drawn({}))[0], ['A daemon runs as root.']);
    assert.deepEqual(said(drawn({}), drawn({ daemons: [] }))[1], ['root 的守护进程停了。']);
  });

  it('says what a container has, and that it is gone', () => {
    const dind = { id: 'container abc', kind: 'container', name: 'dind' } as const;
    const there = drawn({
      people: [...HOST.people, dind],
      ways: [...HOST.ways, { from: dind.id, to: 'root', by: 'privileged' }],
    });
    assert.deepEqual(said(drawn({}), there), [
      ['The container dind is privileged: whoever is in it has the host.'],
      ['容器 dind 是特权容器：在它里面就等于在宿主机上。'],
    ]);
    assert.deepEqual(said(there, drawn({}))[0], ['The container dind has no way to the daemon or the host any more.']);
  });

  it('marks whom it concerns, and where', () => {
    assert.deepEqual(
      [...compareMaps(withAlice('group'), withAlice('old-login')).touched],
      ['host user alice', 'host /run/docker.sock'],
    );
  });
});
