import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Duplex, duplexPair } from 'node:stream';
import { after, describe, it } from 'node:test';
import { findSupervisor, KILL_PATIENCE_MS, Supervisor, supervise, USERS_FOLDER } from './supervisor.ts';

const parent = mkdtempSync(join(tmpdir(), 'dd-supervisor-'));
after(() => rmSync(parent, { recursive: true }));

const isRoot = process.getuid?.() === 0;
let machines = 0;

interface Stage {
  readonly supervisor: Supervisor;
  readonly socket: string;
  readonly folder: string;
  /** What the command writes to the first descriptor that it inherits. */
  readonly lines: AsyncIterator<string>;
}

/** A shell in QEMU's place. Its descriptor 4 is ours to read. */
function start(script: string, { ownUser = false, folder = join(parent, String(machines++)) } = {}): Stage {
  mkdirSync(join(folder, 'run'), { recursive: true });
  writeFileSync(join(folder, 'run/disk'), '');
  const socket = join(folder, 'supervisor.sock');
  const user = ownUser ? ['setpriv', '--reuid={uid}', '--regid={uid}', '--clear-groups'] : [];
  const { supervisor, inherited } = supervise({
    command: [...user, 'sh', '-c', script],
    ...{ socket, writable: [join(folder, 'run')], ownUser, inherited: 1 },
  });
  const lines = createInterface({ input: inherited[0] as Duplex })[Symbol.asyncIterator]();
  return { supervisor, socket, folder, lines };
}

const SLEEP = 'echo $$ >&4; exec sleep 1000';
const ownPid = async ({ lines }: Stage) => Number((await lines.next()).value);
const runs = (pid: number) => existsSync(`/proc/${pid}`);
const inAnHour = () => Date.now() + 3_600_000;

describe('a supervisor', () => {
  it('says why its machine ended and the end of what it wrote, when nothing of it is left', async () => {
    const { supervisor, folder } = start('seq 100000 >&2; echo the last words >&2; exit 3');
    const reason = await supervisor.ended;
    assert.match(reason, /^exit 3\. [\s\S]*\n100000\nthe last words\n$/);
    assert.ok(reason.length < 4_100, `${reason.length} characters were kept`);
    assert.equal(existsSync(folder), false);
  });

  it('says what could not be started', async () => {
    const { supervisor } = start('exec /nonexistent/qemu');
    assert.match(await supervisor.ended, /^exit 127\. .*\/nonexistent\/qemu: not found/);
  });

  it('ends its machine when it is told to', async () => {
    const stage = start(SLEEP);
    const pid = await ownPid(stage);
    await stage.supervisor.kill();
    assert.equal(await stage.supervisor.ended, 'it was told to end. ');
    assert.equal(runs(pid), false);
    await stage.supervisor.kill();
  });

  it('ends its machine with its last owner, as long as nobody said how long it may live', async () => {
    const stage = start(SLEEP);
    const pid = await ownPid(stage);
    const other = await findSupervisor(stage.socket);
    stage.supervisor.release();
    assert.equal(await other?.machinePid, pid);
    assert.equal(runs(pid), true);
    other?.release();
    while (existsSync(stage.folder)) await new Promise(setImmediate);
    assert.equal(runs(pid), false);
  });

  it('keeps a machine until its time without anybody, and not longer', async () => {
    const stage = start(SLEEP);
    const pid = await ownPid(stage);
    stage.supervisor.liveUntil(Date.now() + 1_000);
    stage.supervisor.release();
    await stage.supervisor.ended;
    const next = await findSupervisor(stage.socket);
    assert.equal(runs(pid), true);
    assert.equal(await next?.ended, 'its time was up. ');
    assert.equal(runs(pid), false);
    assert.equal(await findSupervisor(stage.socket), undefined);
  });

  it('lets a machine live longer when that is said later', async () => {
    const stage = start(SLEEP);
    const pid = await ownPid(stage);
    stage.supervisor.liveUntil(Date.now());
    stage.supervisor.liveUntil(inAnHour());
    stage.supervisor.release();
    const next = await findSupervisor(stage.socket);
    assert.equal(await next?.machinePid, pid);
    await next?.kill();
  });

  it('that is killed leaves no machine that is in a jail', async () => {
    const jail = 'exec bwrap --unshare-pid --die-with-parent --dev-bind / / sh -c "echo up >&4; exec sleep 1000"';
    const stage = start(jail);
    assert.equal((await stage.lines.next()).value, 'up');
    const first = await stage.supervisor.machinePid;
    const [supervisor] =
      /\d+$/.exec(
        execFileSync('ps', ['-o', 'ppid=', '-p', String(first)])
          .toString()
          .trim(),
      ) ?? [];
    process.kill(Number(supervisor), 'SIGKILL');
    assert.equal(await stage.supervisor.ended, 'its supervisor is gone');
    assert.equal((await stage.lines.next()).done, true, 'nobody holds the other end any more');
  });

  it('does not let its machine hold what is the supervisor’s own', async () => {
    // No pipe: the shell itself would hold its other end for a moment.
    const stage = start('ls -m /proc/$$/fd >&4; exec sleep 1000');
    const descriptors = String((await stage.lines.next()).value)
      .split(',')
      .map(Number);
    await stage.supervisor.kill();
    // Whatever runs this test may have left it some of its own, from 10 on; the supervisor's are below.
    assert.deepEqual(
      descriptors.filter((descriptor) => descriptor < 10),
      [0, 1, 2, 4],
    );
  });

  it('takes a host user for its machine that nobody else has, and what it may write becomes theirs', {
    skip: !isRoot && 'only root can become somebody else',
  }, async () => {
    mkdirSync(USERS_FOLDER, { recursive: true, mode: 0o700 });
    const script = 'echo $(id -u) $(id -g) $(id -G) >&4; exec sleep 1000';
    const stages = Array.from({ length: 12 }, () => start(script, { ownUser: true }));
    const users = await Promise.all(
      stages.map(async ({ lines, folder }) => {
        const [user, ...groups] = String((await lines.next()).value).split(' ');
        assert.deepEqual(groups, [user, user]);
        const { uid, mode } = statSync(join(folder, 'run/disk'));
        assert.equal(String(uid), user);
        assert.equal(statSync(folder).mode & 0o777, 0o710);
        assert.equal(mode & 0o022, 0);
        return user;
      }),
    );
    assert.equal(new Set(users).size, users.length);
    await Promise.all(stages.map(({ supervisor }) => supervisor.kill()));
    for (const { folder } of stages) assert.equal(existsSync(folder), false);
  });

  it('that has never said a word is given up after a while, by whoever wants its machine to end', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const [connection] = duplexPair();
    const supervisor = new Supervisor(connection);
    const killed = supervisor.kill();
    context.mock.timers.tick(KILL_PATIENCE_MS - 1);
    assert.equal(connection.destroyed, false);
    context.mock.timers.tick(1);
    await killed;
    assert.equal(await supervisor.ended, 'its supervisor does not answer');
  });

  it('says that it did not start at all', async () => {
    const { supervisor } = start('true', { folder: join(parent, 'x'.repeat(120)) });
    assert.match(await supervisor.ended, /^the supervisor failed: .*supervisor\.sock: /);
  });
});
