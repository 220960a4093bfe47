import type { Lab } from '../../labs/format/lab.ts';

const text = { 'zh-cn': '', en: '' };
const message = { expected: text, seen: text, try: text };

/** Asks the host's daemon over the network while the lab is made: the host is set up before the attacker. */
export const SEEN_WHILE_MADE = '/root/seen-while-made.json';

const DAEMON_ON_TCP = `
  mkdir /etc/systemd/system/docker.service.d
  cat > /etc/systemd/system/docker.service.d/tcp.conf <<'CONF'
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375 --tls=false --containerd=/run/containerd/containerd.sock
CONF
  systemctl daemon-reload
  systemctl restart docker
`;

/** An attacker and the host that it goes for: its Docker listens on TCP, without asking who is there. */
export const PAIR: Lab = {
  id: 'network-test',
  image: 'debian-docker',
  title: text,
  kit: '',
  machines: [
    {
      ...{ role: 'host', hostname: 'dock', address: '10.0.0.10' },
      setup: `useradd --create-home --shell /bin/bash olga\n${DAEMON_ON_TCP}`,
      terminals: [{ id: 'olga', user: 'olga' }],
      secrets: [],
    },
    {
      ...{ role: 'attacker', hostname: 'kali', address: '10.0.0.20' },
      setup: `
        useradd --create-home --shell /bin/bash mallory
        curl --silent --fail http://host:2375/version > ${SEEN_WHILE_MADE}
      `,
      terminals: [{ id: 'mallory', user: 'mallory' }],
      secrets: [],
    },
  ],
  steps: [
    {
      ...{ id: 'reach', kind: 'attack', title: text, instruction: text, optional: false, verdict: null, hints: [] },
      checks: [
        {
          ...{ id: 'reached', kind: 'goal', line: text, machine: 'host', keeps: true },
          script: 'docker volume inspect mallory-was-here >/dev/null 2>&1 || { echo missing; exit 1; }',
          messages: { missing: message },
        },
      ],
      solution: [{ terminal: 'mallory', command: 'docker -H tcp://host:2375 volume create mallory-was-here' }],
      mutants: [],
    },
    {
      ...{ id: 'after', kind: 'explore', title: text, instruction: text, optional: false, verdict: null, hints: [] },
      ...{ checks: [], solution: [], mutants: [] },
    },
  ],
};

/** One of its machines by itself. */
export const ALONE: Lab = {
  ...PAIR,
  id: 'network-test-alone',
  machines: PAIR.machines
    .slice(0, 1)
    .map(({ address: _, ...machine }) => ({ ...machine, setup: 'useradd -m -s /bin/bash olga' })),
  steps: [],
};
