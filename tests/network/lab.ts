import { readKit } from '../../labs/format/kit.ts';
import type { Lab, LabVerdict, LabVerdictPart } from '../../labs/format/lab.ts';

export const TEXT = { 'zh-cn': '', en: '' };
const message = { expected: TEXT, seen: TEXT, try: TEXT };

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
  title: TEXT,
  kit: '',
  questions: [],
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
      ...{ id: 'reach', kind: 'attack', title: TEXT, instruction: TEXT, optional: false, verdict: null, hints: [] },
      checks: [
        {
          ...{ id: 'reached', kind: 'goal', line: TEXT, machine: 'host', keeps: true },
          script: 'docker volume inspect mallory-was-here >/dev/null 2>&1 || { echo missing; exit 1; }',
          messages: { missing: message },
        },
      ],
      solution: [{ terminal: 'mallory', command: 'docker -H tcp://host:2375 volume create mallory-was-here' }],
      mutants: [],
    },
    {
      ...{ id: 'after', kind: 'explore', title: TEXT, instruction: TEXT, optional: false, verdict: null, hints: [] },
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

/** The same with the helpers that verdicts are asked with. */
export const JUDGED: Lab = { ...PAIR, kit: readKit('labs') };

const part = (own: Pick<LabVerdictPart, 'id' | 'kind' | 'machine' | 'script'>): LabVerdictPart => {
  return { ...own, line: TEXT, tried: TEXT, messages: { lost: message, stolen: message }, timeoutMs: 30_000 };
};

/** A volume's label is the proof: the host may read it, and so does whoever reaches the daemon. */
export const VERDICT: LabVerdict = {
  proof: {
    machine: 'host',
    script: `
      case $1 in
        put) docker volume create --label "proof=$DRYDOCK_PROOF" kept ;;
        remove) docker volume rm --force kept ;;
      esac`,
  },
  parts: [
    part({
      ...{ id: 'use', kind: 'use', machine: 'host' },
      script: '[[ $(docker_api GET /volumes/kept) == *"$DRYDOCK_PROOF"* ]] || fail lost; pass',
    }),
    part({
      ...{ id: 'attack', kind: 'attack', machine: 'attacker' },
      script: `
        tcp_listeners 2375 && cannot_ask "nobody listens on this machine"
        address_of nobody && cannot_ask "nobody has this name"
        if [[ $(docker_tcp GET http://host:2375/volumes/kept) == *"$DRYDOCK_PROOF"* ]]; then
          fail stolen from="$(address_of attacker)"
        fi
        pass`,
    }),
  ],
};
