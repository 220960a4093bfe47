import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readConfig } from '../../config.ts';
import { openDockerMachines } from '../../docker-machines.ts';
import { TestAuthority } from '../../testing/certificates.ts';
import { ALONE } from '../contract/labs.ts';
import { connectEngine } from './engine/connect-engine.ts';
import { findEngine } from './engine/find-engine.ts';
import { CANNOT_RUN_ENGINE, startOwnEngine } from './engine/own-engine.ts';

const RUN_TIMEOUT_MS = 20_000;

/** Of this host, and nobody's a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

if (CANNOT_RUN_ENGINE) {
  it('machines on an engine behind mutual TLS', { skip: CANNOT_RUN_ENGINE });
} else {
  const folder = mkdtempSync(join(tmpdir(), 'dd-tls-'));
  const [ours, theirs] = await Promise.all(['ours', 'theirs'].map((name) => TestAuthority.make(join(folder, name))));
  assert.ok(ours && theirs);
  const server = await ours.issue(join(folder, 'server'), 'localhost', 'serverAuth');
  const client = await ours.issue(join(folder, 'client'), 'drydock', 'clientAuth');
  const port = await freePort();
  const engine = await startOwnEngine([
    ...['--host', `tcp://127.0.0.1:${port}`, '--tlsverify', '--tlscacert', join(server, 'ca.pem')],
    ...['--tlscert', join(server, 'cert.pem'), '--tlskey', join(server, 'key.pem')],
  ]);
  const remote = (certificates: string, host = 'localhost') => ({
    ...{ DOCKER_HOST: `tcp://${host}:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates },
  });
  const connect = async (env: NodeJS.ProcessEnv) => connectEngine(await findEngine(env));
  after(async () => {
    await engine[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('an engine behind mutual TLS', { concurrency: 1 }, () => {
    it('runs machines for who has a certificate: terminals and scripts go through the same port', async () => {
      const env = { ...process.env, ...remote(client), XDG_STATE_HOME: join(folder, 'state'), ACCELERATOR: 'tcg' };
      await using machines = await openDockerMachines({ env, config: readConfig(env) });
      const [template] = (await machines.templates.forLab(ALONE)).values();
      assert.ok(template);
      await using machine = await machines.driver.fork(template, { id: `tls-${process.pid}` });
      const { stdout } = await machine.run({ script: 'hostname', timeoutMs: RUN_TIMEOUT_MS });
      assert.equal(stdout, 'dock\n');
      const [terminal] = machine.terminals;
      assert.ok(terminal);
      const printed = new Promise<void>((resolve) => {
        let text = '';
        const output = (_offset: number, bytes: Uint8Array) => {
          text += Buffer.from(bytes).toString();
          if (text.includes('over 42')) resolve();
        };
        terminal.listen({ output, inputApplied: () => {}, status: () => {} });
      });
      terminal.write(terminal.inputApplied, Buffer.from('echo over $((6 * 7))\r'));
      await printed;
    });

    it('is refused to whoever has none, one of another authority, or one for servers', async () => {
      const foreign = await theirs.issue(join(folder, 'foreign'), 'drydock', 'clientAuth');
      const signedElsewhere = await theirs.issue(join(folder, 'signed-elsewhere'), 'drydock', 'clientAuth');
      copyFileSync(join(client, 'ca.pem'), join(signedElsewhere, 'ca.pem'));
      const { DOCKER_TLS_VERIFY: _, ...plain } = remote(client);
      await assert.rejects(connect(plain), { code: 'engine-refused', message: /wants TLS/ });
      await assert.rejects(connect(remote(foreign)), { code: 'engine-refused', message: /ca\.pem vouches for/ });
      await assert.rejects(connect(remote(signedElsewhere)), { code: 'engine-refused', message: /refuses your/ });
      await assert.rejects(connect(remote(server)), { code: 'engine-refused', message: /refuses your certificate/ });
    });

    it('is believed only at a name that stands in its certificate', async () => {
      await assert.rejects(connect(remote(client, '0.0.0.0')), { message: /certificate for another name/ });
    });
  });
}
