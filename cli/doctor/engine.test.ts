import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readConfig } from '../../sandbox-server/config.ts';
import { examineEngines } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'dd-'));
after(() => rmSync(folder, { recursive: true }));

const INFO = {
  ...{ ID: 'x', NCPU: 4, MemTotal: 8 * 1024 ** 3, KernelVersion: '6.12', CgroupVersion: '2' },
  ...{ MemoryLimit: true, PidsLimit: true, CPUShares: true, SecurityOptions: ['name=seccomp,profile=default'] },
};

const examine = (env: NodeJS.ProcessEnv) =>
  examineEngines({ env: { DOCKER_CONFIG: folder, ...env }, config: readConfig(env) });

/** What doctor finds where an engine answers like that. */
async function found(info: object, api = '1.47') {
  const path = join(folder, `${Math.random()}.sock`);
  const server = createServer((request, response) => {
    const answer = request.url?.endsWith('/version') ? { Version: '27.0.1', ApiVersion: api } : { ...INFO, ...info };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }).listen(path);
  try {
    return await examine({ DOCKER_HOST: `unix://${path}` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('an engine that can hold machines is described', async () => {
  const [engine, limits, rights, learners] = await found({});
  assert.match(engine?.text ?? '', /^Docker 27\.0\.1 at unix:.* \(DOCKER_HOST\): 4 processors, 8 GiB, Linux 6\.12$/);
  assert.match(limits?.text ?? '', /cgroup v2/);
  assert.match(rights?.text ?? '', /the engine is root on its host/);
  assert.match(learners?.text ?? '', /^32 at once, worked out from the memory and processors there;/);
});

test('a rootless engine is told from others', async () => {
  const findings = await found({ SecurityOptions: [...INFO.SecurityOptions, 'name=rootless'] });
  assert.deepEqual(
    findings.map(({ level }) => level),
    ['good', 'good', 'good', 'good'],
  );
});

test('an engine that holds nobody to limits is a lack, with what to do', async () => {
  const [lack] = await found({
    PidsLimit: false,
    CgroupVersion: '1',
    SecurityOptions: ['name=seccomp', 'name=rootless'],
  });
  assert.equal(lack?.level, 'lack');
  assert.match(lack?.text ?? '', /cannot limit processes\.$/);
  assert.match(lack?.fix ?? '', /cgroup v2 and systemd .*Code: engine-limits\.$/);
});

test('one without seccomp, too old, or not there is a lack', async () => {
  assert.match((await found({ SecurityOptions: [] }))[0]?.text ?? '', /has no seccomp/);
  assert.match((await found({}, '1.40'))[0]?.fix ?? '', /Code: engine-too-old/);
  const [gone] = await examine({ DOCKER_HOST: `unix://${folder}/none.sock` });
  assert.match(gone?.fix ?? '', /Code: engine-unreachable/);
});
