import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TestAuthority } from '../../../testing/certificates.ts';
import { PretendEngine } from '../../../testing/pretend-engine.ts';
import { connectEngine } from './connect-engine.ts';
import { explainEngineError } from './explain-engine-error.ts';
import { findEngine } from './find-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-engine-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const connect = async (env: NodeJS.ProcessEnv) => connectEngine(await findEngine(env, folder));

describe('an engine that cannot be used', () => {
  const own = join(folder, 'own');
  const foreign = join(folder, 'foreign');
  const server = join(folder, 'server');

  before(async () => {
    const [authority, another] = [
      await TestAuthority.make(join(folder, 'a')),
      await TestAuthority.make(join(folder, 'b')),
    ];
    await authority.issue(own, 'learner', 'clientAuth');
    await another.issue(foreign, 'stranger', 'clientAuth');
    await authority.issue(server, 'localhost', 'serverAuth');
  });

  const withTls = (port: number, certificates: string) => ({
    ...{ DOCKER_HOST: `tcp://localhost:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates },
  });

  it('that is not there is said to be unreachable, with where it was looked for', async () => {
    const path = join(folder, 'nobody.sock');
    await assert.rejects(connect({ DOCKER_HOST: `unix://${path}` }), {
      code: 'engine-unreachable',
      message: `The Docker Engine at unix://${path} (DOCKER_HOST) cannot be reached: connect ENOENT ${path}. Is it running? Try the same with "docker version"; DOCKER_HOST or a context says where it is.`,
    });
  });

  it('that is too old is told from one that is not', async () => {
    await using old = await PretendEngine.open({ name: 'old', api: '1.40' });
    await using young = await PretendEngine.open({ name: 'young', api: '1.100' });
    const host = `tcp://localhost:${old.port}`;
    await assert.rejects(connect({ DOCKER_HOST: host }), {
      code: 'engine-too-old',
      message: `The Docker Engine at ${host} is 20.10.24 and speaks API 1.40; 1.41 is needed. Upgrade it to Docker 20.10 or newer.`,
    });
    assert.equal((await connect({ DOCKER_HOST: `tcp://localhost:${young.port}` })).version, '20.10.24');
  });

  it('refuses whose certificate another authority signed, takes that of its own', async () => {
    await using engine = await PretendEngine.open({ name: 'tls', tls: { folder: server, requiresClient: true } });
    cpSync(join(own, 'ca.pem'), join(foreign, 'ca.pem'));
    await assert.rejects(connect(withTls(engine.port, foreign)), {
      code: 'engine-refused',
      message: /refuses your certificate/,
    });
    await connect(withTls(engine.port, own));
  });

  it('with a certificate that nobody here vouches for is refused', async () => {
    await using engine = await PretendEngine.open({ name: 'tls', tls: { folder: server, requiresClient: false } });
    const another = await (await TestAuthority.make(join(folder, 'c'))).issue(
      join(folder, 'd'),
      'learner',
      'clientAuth',
    );
    await assert.rejects(connect(withTls(engine.port, another)), {
      code: 'engine-refused',
      message: /ca\.pem vouches for/,
    });
  });

  it('that speaks TLS to those who do not, or the other way round, is told which it was', async () => {
    await using encrypted = await PretendEngine.open({ name: 'tls', tls: { folder: server, requiresClient: false } });
    await using plain = await PretendEngine.open({ name: 'plain' });
    await assert.rejects(connect({ DOCKER_HOST: `tcp://localhost:${encrypted.port}` }), { message: /wants TLS/ });
    await assert.rejects(connect(withTls(plain.port, own)), { message: /does not speak TLS on that port/ });
  });

  it('that this user may not open is not called unreachable', () => {
    const cause = Object.assign(new Error('connect EACCES /var/run/docker.sock'), { code: 'EACCES' });
    const address = { kind: 'unix', path: '/var/run/docker.sock' } as const;
    const { code, message } = explainEngineError(cause, { address, source: 'DOCKER_HOST' });
    assert.equal(code, 'engine-forbidden');
    assert.match(message, /you may not open its socket/);
  });
});

describe('an engine behind ssh', () => {
  /** In the place of ssh: writes down what it was told, and is the engine's end of `docker system dial-stdio`. */
  function pretendSsh(script: string): void {
    const program = join(folder, 'bin/ssh');
    writeFileSync(program, `#!${process.execPath}\n${script}`);
    chmodSync(program, 0o755);
  }
  const path = process.env.PATH;
  before(() => {
    mkdirSync(join(folder, 'bin'));
    process.env.PATH = `${join(folder, 'bin')}${delimiter}${path}`;
  });
  after(() => {
    process.env.PATH = path;
  });

  it('is spoken to as the docker CLI does, by the other end of its own command', async () => {
    const socket = join(folder, 'behind.sock');
    await using engine = await PretendEngine.open({ name: 'behind', at: socket });
    pretendSsh(`
      require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'told'))}, process.argv.slice(2).join(' '));
      const engine = require('node:net').connect(${JSON.stringify(socket)});
      process.stdin.pipe(engine).pipe(process.stdout);`);
    const { version } = await connect({ DOCKER_HOST: 'ssh://ann@lab.example.org:2222' });
    assert.equal(version, '20.10.24');
    assert.equal(engine.visits.length, 1);
    assert.match(
      readFileSync(join(folder, 'told'), 'utf8'),
      /-l ann -p 2222 -- lab\.example\.org docker system dial-stdio$/,
    );
  });

  it('is unreachable with what ssh said of it', async () => {
    pretendSsh(`console.error('Permission denied (publickey).'); process.exit(255);`);
    await assert.rejects(connect({ DOCKER_HOST: 'ssh://ann@lab.example.org' }), {
      code: 'engine-unreachable',
      message: /cannot be reached: Permission denied \(publickey\)\./,
    });
  });
});
