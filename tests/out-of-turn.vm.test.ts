import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { Tryout } from '../cli/lab/tryout.ts';
import { loadLab } from '../labs/format/load-lab.ts';
import { Examiner } from '../sandbox-server/checks/examiner.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import { Metrics } from '../sandbox-server/metrics/metrics.ts';
import { QUIET_LOG } from '../sandbox-server/testing/quiet-log.ts';

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
after(() => engine[Symbol.asyncDispose]());

const { signal } = new AbortController();

/** Lines of a step that hold once it is done: how each is undone, and done again. */
const UNDONE = [
  {
    ...{ lab: 'docker-group', step: 'close-the-door', terminal: 'olga' },
    lines: [
      { check: 'members', undo: 'sudo gpasswd -a alice docker', redo: 'sudo gpasswd -d alice docker' },
      { check: 'socket', undo: 'sudo chmod 666 /run/docker.sock', redo: 'sudo chmod 660 /run/docker.sock' },
      {
        check: 'no-back-door',
        undo: 'sudo install -m 4755 /bin/bash /usr/local/bin/b',
        redo: 'sudo rm /usr/local/bin/b',
      },
    ],
  },
  {
    ...{ lab: 'harden-a-host', step: 'intruder', terminal: 'olga' },
    lines: [
      { check: 'strangers', undo: 'docker create --name x9 local/busybox', redo: 'docker rm x9' },
      {
        check: 'accounts',
        undo: 'echo x9:x:0:0::/:/bin/sh | sudo tee -a /etc/passwd',
        redo: "sudo sed -i '/^x9:/d' /etc/passwd",
      },
    ],
  },
];

for (const { lab: labId, step: stepId, terminal, lines } of UNDONE) {
  const lab = loadLab(`labs/${labId}`);
  const step = lab.steps.find(({ id }) => id === stepId);
  assert.ok(step);
  describe(`step ${stepId} of ${labId}`, { concurrency: 1 }, () => {
    const earned = new Set<string>();
    const asked = new Set<string>();
    let wake: () => void = () => {};
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
    };
    let tryout: Tryout;
    let examiner: Examiner;
    const statusOf = (check: string) =>
      examiner
        .states()
        .find(({ id }) => id === stepId)
        ?.checks.find(({ id }) => id === check)?.status;
    const type = async (line: { terminal: string; command: string }) => {
      await tryout.type(line);
      examiner.noteActivity();
    };
    after(() => {
      examiner[Symbol.dispose]();
      return tryout[Symbol.asyncDispose]();
    });

    it('is earned by itself although the steps before it are not done', async () => {
      tryout = await Tryout.start(lab, engine, { signal });
      examiner = new Examiner({
        ...{ lab, kit: lab.kit, secrets: tryout.secrets, checkTimeoutMs: 20_000, log: QUIET_LOG },
        ...{ metrics: new Metrics(), earned: () => earned, onChange: () => wake() },
        run: (role, request) => tryout.run(role, request),
        onEarned: (id) => earned.add(id),
        witness: ({ id }) => {
          asked.add(id);
          wake();
        },
      });
      await type({ terminal, command: 'true' });
      await until(() => step.checks.every(({ id }) => asked.has(id)));
      assert.ok(step.checks.every(({ id }) => statusOf(id) === 'pending'));
      for (const line of step.solution) await type(line);
      await until(() => earned.has(stepId));
      assert.deepEqual([...earned], [stepId]);
    });

    for (const { check, undo, redo } of lines) {
      it(`has its line "${check}" turn amber by "${undo}", and green again by "${redo}"`, async () => {
        assert.equal(statusOf(check), 'passed');
        await type({ terminal, command: undo });
        await until(() => statusOf(check) === 'lapsed');
        await type({ terminal, command: redo });
        await until(() => statusOf(check) === 'passed');
        assert.ok(earned.has(stepId), 'what was earned stays');
      });
    }
  });
}
