import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MapHost } from '../../../protocol/host-map.ts';
import { MAP_EN } from '../strings/map-en.ts';
import { MAP_ZH_CN } from '../strings/map-zh-cn.ts';
import { mapSentences } from './map-text.ts';

const HOST: MapHost = {
  ...{ machine: 'dock', hostname: 'dock', harmless: 1, more: 0 },
  daemons: [{ id: 'root', user: 'root', power: 'root', state: 'running' }],
  doors: [
    {
      ...{ id: '*:2376', kind: 'port', daemon: 'root', state: 'certificate', program: null },
      ...{ owner: null, group: null, mode: null, isEncrypted: true, isLocal: false },
    },
    {
      ...{ id: '/run/docker.sock', kind: 'socket', daemon: 'root', state: 'group', program: null },
      ...{ owner: 'root', group: 'docker', mode: '660', isEncrypted: false, isLocal: true },
    },
  ],
  people: [
    { id: 'user alice', kind: 'user', name: 'alice' },
    { id: 'user olga', kind: 'user', name: 'olga' },
    { id: 'container abc', kind: 'container', name: 'dind' },
    { id: 'machine kali', kind: 'machine', name: 'kali' },
  ],
  ways: [
    { from: 'user olga', to: '/run/docker.sock', by: 'sudo' },
    { from: 'container abc', to: 'root', by: 'privileged' },
    { from: 'machine kali', to: '*:2376', by: 'certificate' },
  ],
};

test('a map in English says all that its drawing does', () => {
  assert.deepEqual(mapSentences(HOST, MAP_EN), [
    'dockerd runs as root. Whoever gives it orders is root on dock.',
    'Port 2376 at `*:2376` is open to whoever shows a certificate (TLS). Let in: kali (only with a certificate).',
    '`/run/docker.sock` (root:docker, mode 660) is open to root and the group docker. Let in: olga (sudo).',
    'The container dind (dockerd as root) is privileged, which is as good as all that the daemon may.',
    'No way in: alice.',
    'One more container runs that reaches none of this.',
  ]);
});

test('a map in Chinese says all that its drawing does', () => {
  assert.deepEqual(mapSentences(HOST, MAP_ZH_CN), [
    'dockerd 以 root 的身份运行。谁能向它下命令，谁在 dock 上就是 root。',
    '端口 2376（`*:2376`，TLS）开着，出示证书才能进。进得去的：kali（有证书才行）。',
    '`/run/docker.sock`（root:docker，权限 660）对 root 和 docker 组开放。进得去的：olga（sudo）。',
    '容器 dind（dockerd 身份是 root）是特权容器，等于拥有守护进程的一切权力。',
    '进不去的：alice。',
    '另有 1 个容器在运行，碰不到这些。',
  ]);
});

test('a machine without a daemon is said to have none', () => {
  const empty = { ...HOST, daemons: [], doors: [], people: [], ways: [], harmless: 0 };
  assert.deepEqual(mapSentences(empty, MAP_EN), ['No Docker daemon runs on dock.']);
});
