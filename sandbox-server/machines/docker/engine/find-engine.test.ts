import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { TestAuthority } from '../../../testing/certificates.ts';
import { PretendEngine, type Visit } from '../../../testing/pretend-engine.ts';
import { connectEngine } from './connect-engine.ts';
import { showAddress } from './engine-address.ts';
import { findEngine, findEngines } from './find-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-engine-'));
const configFolder = join(folder, 'config');
const certFolder = join(folder, 'client');
after(() => rmSync(folder, { recursive: true, force: true }));

const hasDocker = (process.env.PATH ?? '').split(delimiter).some((path) => existsSync(join(path, 'docker')));

interface ContextFiles {
  readonly host: string;
  readonly skips?: boolean;
  readonly tlsFolder?: string;
}

/** As `docker context create` writes it. */
function writeContext(name: string, { host, skips = false, tlsFolder }: ContextFiles): void {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(configFolder, 'contexts/meta', id);
  mkdirSync(meta, { recursive: true });
  const docker = { Host: host, SkipTLSVerify: skips };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
  if (tlsFolder === undefined) return;
  const tls = join(configFolder, 'contexts/tls', id, 'docker');
  mkdirSync(tls, { recursive: true });
  for (const file of ['ca.pem', 'cert.pem', 'key.pem']) cpSync(join(tlsFolder, file), join(tls, file));
}

describe('which engine is meant', () => {
  let ports: Record<'plain' | 'mutual' | 'open', number>;
  const engines: PretendEngine[] = [];
  const socket = join(folder, 'engine.sock');

  before(async () => {
    const authority = await TestAuthority.make(join(folder, 'authority'));
    await authority.issue(certFolder, 'learner', 'clientAuth');
    const server = await authority.issue(join(folder, 'server'), 'localhost', 'serverAuth');
    const open = async (options: Parameters<typeof PretendEngine.open>[0]) => {
      const engine = await PretendEngine.open(options);
      engines.push(engine);
      return engine;
    };
    await open({ name: 'socket', at: socket });
    const plain = (await open({ name: 'plain' })).port;
    const mutual = (await open({ name: 'mutual', tls: { folder: server, requiresClient: true } })).port;
    const anybody = (await open({ name: 'open', tls: { folder: server, requiresClient: false } })).port;
    ports = { plain, mutual, open: anybody };
    writeContext('plain', { host: `tcp://127.0.0.1:${plain}` });
    writeContext('socket', { host: `unix://${socket}` });
    writeContext('mutual', { host: `tcp://127.0.0.1:${mutual}`, tlsFolder: certFolder });
    writeContext('unchecked', { host: `tcp://127.0.0.1:${anybody}`, skips: true });
    writeFileSync(join(configFolder, 'config.json'), JSON.stringify({ currentContext: 'plain' }));
  });
  after(() => Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]())));

  /** Environment → who is visited, and how. Each is asked of the docker CLI, too. */
  const cases: readonly [title: string, env: () => NodeJS.ProcessEnv, visit: Partial<Visit>][] = [
    ['DOCKER_HOST', () => ({ DOCKER_HOST: `unix://${socket}` }), { engine: 'socket' }],
    ['the context that was chosen', () => ({}), { engine: 'plain' }],
    ['DOCKER_CONTEXT before it', () => ({ DOCKER_CONTEXT: 'socket' }), { engine: 'socket' }],
    [
      'DOCKER_HOST before DOCKER_CONTEXT',
      () => ({ DOCKER_HOST: `tcp://127.0.0.1:${ports.plain}`, DOCKER_CONTEXT: 'socket' }),
      { engine: 'plain', isEncrypted: false },
    ],
    ['a host without a scheme', () => ({ DOCKER_HOST: `127.0.0.1:${ports.plain}` }), { engine: 'plain' }],
    ['a host with a path', () => ({ DOCKER_HOST: `tcp://127.0.0.1:${ports.plain}/under/it` }), { prefix: '/under/it' }],
    [
      'TLS with certificates',
      () => ({ DOCKER_HOST: `tcp://localhost:${ports.mutual}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certFolder }),
      { engine: 'mutual', isEncrypted: true, client: 'learner' },
    ],
    [
      'TLS by a value that says no',
      () => ({ DOCKER_HOST: `tcp://localhost:${ports.mutual}`, DOCKER_TLS_VERIFY: '0', DOCKER_CERT_PATH: certFolder }),
      { engine: 'mutual', client: 'learner' },
    ],
    [
      'TLS without asking who is there',
      () => ({ DOCKER_HOST: `tcp://localhost:${ports.open}`, DOCKER_TLS: '1', DOCKER_CERT_PATH: certFolder }),
      { engine: 'open', isEncrypted: true, client: undefined },
    ],
    [
      'no TLS by certificates alone',
      () => ({ DOCKER_HOST: `tcp://localhost:${ports.plain}`, DOCKER_CERT_PATH: certFolder }),
      { engine: 'plain', isEncrypted: false },
    ],
    ['a context with certificates', () => ({ DOCKER_CONTEXT: 'mutual' }), { engine: 'mutual', client: 'learner' }],
    [
      'a context, whatever the variables for TLS say',
      () => ({ DOCKER_CONTEXT: 'plain', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certFolder }),
      { engine: 'plain', isEncrypted: false },
    ],
    ['a context that checks nobody', () => ({ DOCKER_CONTEXT: 'unchecked' }), { engine: 'open', isEncrypted: true }],
  ];

  const takeVisits = () => engines.flatMap(({ visits }) => visits.splice(0));
  const environment = (env: NodeJS.ProcessEnv) => ({ DOCKER_CONFIG: configFolder, ...env });

  for (const [title, env, expected] of cases) {
    it(`is said by ${title}`, async () => {
      takeVisits();
      await connectEngine(await findEngine(environment(env()), folder));
      const [visit] = takeVisits();
      assert.partialDeepStrictEqual(visit, expected);
    });

    it(`is the one of the docker CLI, with ${title}`, { skip: !hasDocker && 'docker is not installed' }, async () => {
      takeVisits();
      const own = { PATH: process.env.PATH, HOME: folder, ...environment(env()) };
      await promisify(execFile)('docker', ['version'], { env: own });
      const theirs = new Set(takeVisits().map((visit) => JSON.stringify(visit)));
      await connectEngine(await findEngine(environment(env()), folder));
      const ours = new Set(takeVisits().map((visit) => JSON.stringify(visit)));
      assert.deepEqual(ours, theirs);
    });
  }

  it('is read from contexts as the docker CLI made them', {
    skip: !hasDocker && 'docker is not installed',
  }, async () => {
    const config = join(folder, 'made');
    const endpoint = `host=tcp://127.0.0.1:${ports.mutual},ca=${certFolder}/ca.pem,cert=${certFolder}/cert.pem,key=${certFolder}/key.pem`;
    const env = { PATH: process.env.PATH, HOME: folder, DOCKER_CONFIG: config };
    await promisify(execFile)('docker', ['context', 'create', 'lab', '--docker', endpoint], { env });
    await promisify(execFile)('docker', ['context', 'use', 'lab'], { env });
    takeVisits();
    const found = await findEngine({ DOCKER_CONFIG: config }, folder);
    assert.equal(found.source, 'the context lab');
    await connectEngine(found);
    assert.partialDeepStrictEqual(takeVisits()[0], { engine: 'mutual', client: 'learner' });
  });

  it('has a default without any of it', async () => {
    const shown = async (env: NodeJS.ProcessEnv) => showAddress((await findEngine(env, folder)).address);
    assert.equal(await shown({}), 'unix:///var/run/docker.sock');
    assert.equal(await shown({ DOCKER_TLS: '1', DOCKER_CERT_PATH: certFolder }), 'tcp://localhost:2376');
    assert.equal(await shown({ DOCKER_HOST: 'tcp://lab.example.org' }), 'tcp://lab.example.org:2375');
    assert.equal(await shown({ DOCKER_HOST: 'tcp://[::1]:99' }), 'tcp://[::1]:99');
    assert.equal(await shown({ DOCKER_HOST: 'unix://' }), 'unix:///var/run/docker.sock');
    assert.equal(await shown({ DOCKER_HOST: 'ssh://ann@lab.example.org:22' }), 'ssh://ann@lab.example.org:22');
  });

  const refusals: readonly [NodeJS.ProcessEnv, string][] = [
    [
      { DOCKER_CONTEXT: 'gone' },
      `There is no context gone in ${configFolder}. List them with "docker context ls", or set DOCKER_HOST.`,
    ],
    [
      { DOCKER_HOST: 'tcp://localhost', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' },
      'DOCKER_TLS_VERIFY is set, but there is no ca.pem in /nowhere. Set DOCKER_CERT_PATH to the folder that has it.',
    ],
    ...[
      'ftp://x',
      'tcp://x:y',
      'tcp://x:99999',
      'ssh://',
      'ssh://-oProxyCommand=x',
      'ssh://a:secret@b',
      'ssh://b/path',
    ].map((host): [NodeJS.ProcessEnv, string] => [
      { DOCKER_HOST: host },
      `"${host}" (DOCKER_HOST) is not the address of a Docker Engine. Write unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host.`,
    ]),
  ];
  for (const [env, message] of refusals) {
    it(`is asked for anew of ${JSON.stringify(env)}`, async () => {
      await assert.rejects(findEngine(environment(env), folder), { code: 'engine-address', message });
    });
  }

  it('is several where ENGINES names them, by contexts and addresses, and one where it names none', async () => {
    const shown = async (env: NodeJS.ProcessEnv) =>
      (await findEngines(environment(env), folder)).map(({ address, source }) => `${showAddress(address)}, ${source}`);
    const env = { DOCKER_CONTEXT: 'mutual', DOCKER_HOST: 'tcp://nobody' };
    assert.deepEqual(await shown({ ...env, ENGINES: `plain, ssh://ann@lab-2,unix://${socket}` }), [
      `tcp://127.0.0.1:${ports.plain}, the context plain`,
      'ssh://ann@lab-2, ENGINES',
      `unix://${socket}, ENGINES`,
    ]);
    assert.deepEqual(await shown({ ...env, ENGINES: '' }), ['tcp://nobody:2375, DOCKER_HOST']);
    await assert.rejects(findEngines(environment({ ENGINES: 'plain,tcp://x:y' }), folder), {
      code: 'engine-address',
      message: /^"tcp:\/\/x:y" \(ENGINES\) is not the address/,
    });
  });
});
