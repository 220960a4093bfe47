import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hostMapSchema, MAP_LIMITS, type MapHost } from '../../protocol/host-map.ts';
import { drawHost, type KnockAnswer, type PortAnswer } from './draw-map.ts';
import { type Facts, parseFacts } from './facts.ts';
import { ALICE_REMOVED, changed, type FactLine, FRESH, PORT_OPEN, told } from './survey-fixture.ts';

function draw(facts: readonly FactLine[], { port, knock }: { port?: PortAnswer; knock?: KnockAnswer } = {}): MapHost {
  return drawHost({
    ...{ machine: 'host', hostname: 'dock', facts: parseFacts(told(facts)) as Facts },
    neighbours: knock === undefined ? [] : [{ machine: 'kali', hostname: 'kali' }],
    port: () => port,
    knock: () => knock,
  });
}

const waysOf = ({ ways }: MapHost) => ways.map(({ from, by, to }) => `${from} ${by} ${to}`);
const doorsOf = ({ doors }: MapHost) => doors.map(({ id, state, daemon }) => `${id} ${state} ${daemon}`);

describe('the map of a fresh machine', () => {
  it('has one daemon, its socket, and whoever the group lets in', () => {
    const host = draw(FRESH);
    assert.deepEqual(host.daemons, [{ id: 'root', user: 'root', power: 'root', state: 'running' }]);
    assert.deepEqual(doorsOf(host), ['/run/docker.sock group root']);
    assert.deepEqual(waysOf(host), ['user alice group /run/docker.sock', 'user olga group /run/docker.sock']);
    assert.equal(host.more, 0);
  });
});

describe('a user on the map', () => {
  it('has an old login where the group lists them no more, and no way once that has ended', () => {
    assert.deepEqual(waysOf(draw(ALICE_REMOVED)), [
      'user alice old-login /run/docker.sock',
      'user olga group /run/docker.sock',
    ]);
    const ended = ALICE_REMOVED.filter((fact) => fact.join(' ') !== 'login 1000 1000 103 1000 ');
    assert.deepEqual(waysOf(draw(ended)), ['user olga group /run/docker.sock']);
    assert.deepEqual(
      draw(ended).people.map(({ name }) => name),
      ['alice', 'olga'],
    );
  });

  it('waits for the next login where the one there is has not the group', () => {
    const facts = changed({ without: ['login 1000'], and: [['login', '1000', '1000', '1000 ']] });
    assert.equal(waysOf(draw(facts))[0], 'user alice next-login /run/docker.sock');
  });

  it('gets in with sudo where the socket does not let them', () => {
    const facts = changed({ without: ['file', 'login'], and: [['file', '/run/docker.sock', '0', '0', '140600', '']] });
    assert.deepEqual(waysOf(draw(facts)), ['user olga sudo /run/docker.sock']);
  });

  it('is shown, if a service, only where the socket’s group has it', () => {
    const and = [
      ['user', 'haproxy', '100', '102'],
      ['group', 'docker', '103', 'alice,olga,haproxy'],
    ];
    assert.deepEqual(
      waysOf(draw(changed({ without: ['group docker'], and }))).at(-1),
      'user haproxy group /run/docker.sock',
    );
    assert.equal(draw(changed({ and: and.slice(0, 1) })).people.length, 2);
  });
});

describe('a port on the map', () => {
  const STATES: readonly (readonly [PortAnswer, string])[] = [
    ['plain', 'open'],
    ['tls', 'open'],
    ['mutual', 'certificate'],
    ['silent', 'unknown'],
  ];
  for (const [answer, state] of STATES) {
    it(`that answers "${answer}" is ${state}`, () => {
      const [door] = draw(PORT_OPEN, { port: answer }).doors;
      assert.deepEqual([door?.id, door?.state, door?.isLocal], ['*:2375', state, false]);
      assert.equal(door?.isEncrypted, answer === 'tls' || answer === 'mutual');
    });
  }

  it('is none that takes no orders', () => {
    assert.deepEqual(doorsOf(draw(PORT_OPEN, { port: 'other' })), ['/run/docker.sock group root']);
  });

  it('is open to everybody on the machine and to the neighbour, unless that is stopped on the way', () => {
    const open = waysOf(draw(PORT_OPEN, { port: 'plain', knock: 'open' }));
    assert.ok(open.includes('user alice everybody *:2375') && open.includes('machine kali network *:2375'));
    const shut = waysOf(draw(PORT_OPEN, { port: 'plain', knock: 'shut' }));
    assert.ok(shut.includes('machine kali blocked *:2375'));
    const mutual = waysOf(draw(PORT_OPEN, { port: 'mutual', knock: 'open' }));
    assert.ok(mutual.includes('machine kali certificate *:2375') && !mutual.includes('user alice everybody *:2375'));
  });

  it('of this machine alone is none of the neighbour’s', () => {
    const facts = changed({ and: [['listens', '260', '1495', 'tcp', '0100007F:0947']] });
    const ways = waysOf(draw(facts, { port: 'plain', knock: 'open' }));
    assert.ok(ways.includes('user alice everybody 127.0.0.1:2375') && !ways.some((way) => way.startsWith('machine')));
  });
});

describe('a container on the map', () => {
  const withMounts = (isPrivileged: string, ...mounts: readonly (readonly [string, string])[]) =>
    draw(
      changed({
        and: [
          ['container', '260', 'abc', 'box', '0', isPrivileged, ''],
          ...mounts.map(([isWritable, source]) => ['mount', 'abc', isWritable, source]),
        ],
      }),
    );

  it('has the socket, itself or the folder it lies in', () => {
    for (const source of ['/var/run/docker.sock', '/run/docker.sock', '/var/run', '/run']) {
      assert.ok(waysOf(withMounts('0', ['1', source])).includes('container abc mount /run/docker.sock'), source);
    }
    assert.equal(withMounts('0', ['1', '/run/docker.sock.d']).harmless, 1);
  });

  it('has the host with its files, to write or to read, or when it is privileged', () => {
    assert.deepEqual(waysOf(withMounts('0', ['1', '/'])).slice(2), ['container abc files root']);
    assert.deepEqual(waysOf(withMounts('0', ['0', '/'])).slice(2), ['container abc files-read root']);
    assert.deepEqual(waysOf(withMounts('0', ['0', '/root'])).slice(2), ['container abc files-read root']);
    assert.deepEqual(waysOf(withMounts('1')).slice(2), ['container abc privileged root']);
  });

  it('that has nothing of it is counted and not drawn', () => {
    const host = withMounts('0', ['1', '/srv/shop']);
    assert.deepEqual([host.harmless, host.people.length], [1, 2]);
  });
});

describe('daemons on the map', () => {
  it('may be one that systemd starts on demand', () => {
    const facts = changed({
      without: ['daemon', 'listens'],
      and: [
        ['listens', '1', '1494', 'unix', '/run/docker.sock'],
        ['holder', '1', 'systemd'],
      ],
    });
    assert.deepEqual(draw(facts).daemons, [{ id: 'root', user: 'root', power: 'root', state: 'asleep' }]);
    assert.deepEqual(doorsOf(draw(facts)), ['/run/docker.sock group root']);
  });

  it('may be none, with a socket file that nobody is behind', () => {
    const host = draw(changed({ without: ['daemon', 'listens'] }));
    assert.deepEqual([host.daemons, doorsOf(host), host.ways], [[], ['/run/docker.sock closed null'], []]);
  });

  it('may be a user’s, behind a folder of theirs', () => {
    const rootless = '/run/user/1000/docker.sock';
    const and = [
      ['daemon', '900', '1000', '9000', '1'],
      ['listens', '900', '77', 'unix', rootless],
      ['listens', '900', '78', 'tcp', `${'0'.repeat(8)}:0947`],
      ['file', rootless, '1000', '1000', '140660', ''],
      ['folder', rootless, '1000', '1000', '40700'],
    ];
    const host = draw(changed({ without: ['daemon', 'listens', 'file'], and: [...and, ['file', '/run/docker.sock']] }));
    assert.deepEqual(host.daemons, [{ id: 'alice', user: 'alice', power: 'user', state: 'running' }]);
    assert.deepEqual(doorsOf(host), [`${rootless} owner alice`], 'its port is in a network of its own');
    assert.deepEqual(waysOf(host), [`user alice owner ${rootless}`, `user olga sudo ${rootless}`]);
  });

  it('may have a program in front', () => {
    const proxy = '/srv/ci/api/docker.sock';
    const and = [
      ['listens', '400', '88', 'unix', proxy],
      ['holder', '400', 'haproxy'],
      ['file', proxy, '0', '0', '140666', ''],
      ['container', '260', 'abc', 'runner', '0', '0', ''],
      ['mount', 'abc', '1', '/srv/ci/api'],
    ];
    const host = draw(changed({ and }));
    assert.deepEqual(
      [host.doors[1]?.kind, host.doors[1]?.program, host.doors[1]?.daemon],
      ['proxy', 'haproxy', 'root'],
    );
    assert.ok(waysOf(host).includes(`container abc mount ${proxy}`));
  });
});

it('shows no mark that turns text around, nor one that ends a line', () => {
  const host = draw(changed({ and: [['container', '260', 'abc', 'a\u202eb\u0007c', '0', '1', '']] }));
  assert.equal(host.people.at(-1)?.name, 'a?b?c');
});

it('keeps within its limits and its schema, whatever a machine says', () => {
  const word = fc.oneof(fc.string({ maxLength: 400 }), fc.nat().map(String));
  const lines = fc.oneof(
    fc.tuple(
      fc.constant('daemon'),
      fc.nat(99).map(String),
      fc.nat(99).map(String),
      fc.nat().map(String),
      fc.constant('0'),
    ),
    fc.tuple(fc.constant('listens'), fc.nat(99).map(String), fc.nat().map(String), fc.constant('unix'), word),
    fc.tuple(fc.constant('file'), word, fc.nat(99).map(String), fc.nat(99).map(String), fc.constant('140666'), word),
    fc.tuple(fc.constant('container'), fc.nat(99).map(String), word, word, fc.constant('0'), fc.constant('1'), word),
    fc.tuple(fc.constant('user'), word, fc.integer({ min: 1000, max: 2000 }).map(String), word),
    fc.array(word),
  );
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 150 }), (said) => {
      const host = draw([['survey', '1', '0'], ...said, ['end', 'whole']], { port: 'plain', knock: 'open' });
      assert.ok(hostMapSchema.parse({ kind: 'drawn', hosts: [host] }));
      assert.ok(host.people.length <= MAP_LIMITS.people && host.ways.length <= MAP_LIMITS.ways);
    }),
    { numRuns: 200 },
  );
});
