import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFacts } from './facts.ts';
import { changed, FRESH, told } from './survey-fixture.ts';

describe('parseFacts', () => {
  it('reads what a fresh machine says', () => {
    const facts = parseFacts(told(FRESH));
    assert.deepEqual(facts?.daemons, [{ pid: 260, uid: 0, startedAt: 6985, isApart: false }]);
    assert.deepEqual(facts?.listeners, [{ pid: 260, inode: '1494', kind: 'unix', place: '/run/docker.sock' }]);
    assert.deepEqual(
      [...(facts?.files ?? [])],
      [['/run/docker.sock', { uid: 0, gid: 103, mode: 0o660, acl: '', folders: [] }]],
    );
    assert.deepEqual(facts?.logins[0], { uid: 1000, gids: [1000, 103] });
    assert.equal(facts?.uptimeS, 188.67);
    assert.equal(facts?.isCut, false);
  });

  it('writes addresses as people do', () => {
    const places = [
      '0100007F:0947',
      '0A00000A:0948',
      '00000000:0947',
      `${'0'.repeat(32)}:0947`,
      `${'0'.repeat(24)}01000000:0947`,
    ];
    const and = places.map((place, at) => ['listens', '260', String(at), 'tcp', place]);
    const facts = parseFacts(told(changed({ without: ['listens'], and })));
    assert.deepEqual(
      facts?.listeners.map(({ place }) => place),
      ['127.0.0.1:2375', '10.0.0.10:2376', '*:2375', '*:2375', '[::1]:2375'],
    );
  });

  it('takes no more of a kind than can be held against all the others, and says that it is not all', () => {
    const and = Array.from({ length: 200 }, (_, at) => ['sudo', `user${at} ALL=(ALL:ALL) ALL`]);
    const facts = parseFacts(told(changed({ and })));
    assert.equal(facts?.sudo.length, 32);
    assert.equal(facts?.isCut, true);
  });

  it('takes /var/run for the /run that it is', () => {
    const facts = parseFacts(told(changed({ and: [['listens', '260', '7', 'unix', '/var/run/docker.sock']] })));
    assert.equal(facts?.listeners.at(-1)?.place, '/run/docker.sock');
  });

  it('is told of a socket that is not there, and of folders that lead to one', () => {
    const and = [
      ['file', '/run/user/1000/docker.sock', '1000', '1000', '140660', ''],
      ['folder', '/run/user/1000/docker.sock', '1000', '1000', '40700'],
    ];
    const facts = parseFacts(told([...changed({ without: ['file'], and: [['file', '/run/docker.sock'], ...and] })]));
    assert.equal(facts?.files.get('/run/docker.sock'), null);
    assert.deepEqual(facts?.files.get('/run/user/1000/docker.sock')?.folders, [{ uid: 1000, gid: 1000, mode: 0o700 }]);
  });

  it('has mounts with their containers', () => {
    const and = [
      ['container', '260', 'abc', 'runner', '0', '0', ''],
      ['mount', 'abc', '1', '/var/run/docker.sock'],
      ['mount', 'abc', '0', '/srv/'],
    ];
    assert.deepEqual(parseFacts(told(changed({ and })))?.containers, [
      {
        ...{ daemon: 260, id: 'abc', name: 'runner', isRestarting: false, isPrivileged: false },
        mounts: [
          { source: '/var/run/docker.sock', isWritable: true },
          { source: '/srv', isWritable: false },
        ],
      },
    ]);
  });

  it('refuses half a survey, and none', () => {
    assert.equal(parseFacts(''), undefined);
    assert.equal(parseFacts(told(FRESH.slice(0, -1))), undefined);
    assert.equal(parseFacts(told(FRESH.slice(1))), undefined);
  });

  it('says so when there was more than could be told', () => {
    assert.equal(parseFacts(told([...FRESH.slice(0, -1), ['end', 'cut']]))?.isCut, true);
  });

  it('works through no more than a survey tells', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => ['user', `u${at}`, String(1000 + at), '1000']);
    const facts = parseFacts(told(changed({ and: many })));
    assert.ok(facts && facts.users.length <= 500 && facts.isCut);
  });

  it('takes anything that a machine may say', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'daemon',
        'listens',
        'file',
        'folder',
        'container',
        'mount',
        'login',
        'tcp',
        '-1',
        '99999999999999',
      ),
    );
    const line = fc.array(word, { maxLength: 7 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        assert.ok(parseFacts(told([['survey', '1', '0'], ...lines, ['end', 'whole']])));
      }),
    );
  });
});
