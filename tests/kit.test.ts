import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readKit } from '../labs/format/kit.ts';
import { parseAnswer } from '../sandbox-server/checks/answer.ts';

const kit = readKit('labs');

function run(script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${kit}\n${script}`], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('pass ends the script with 0, fail with 1, cannot_ask with 2', () => {
  assert.deepEqual(run('pass; echo more'), { status: 0, stdout: 'passed\n', stderr: '' });
  assert.deepEqual(run('fail no-file; echo more'), { status: 1, stdout: 'no-file\n', stderr: '' });
  assert.deepEqual(run('cannot_ask "no journal"; echo more'), { status: 2, stdout: '', stderr: 'no journal\n' });
});

test('a program that is gone ends the script, wherever it is called, and whatever follows', () => {
  const notFound = { status: 2, stdout: '', stderr: 'no-such: not found\n' };
  assert.deepEqual(run('others=$(no-such | cat); [[ -z $others ]] && pass'), notFound);
  assert.deepEqual(run('no-such || fail no-file'), notFound);
  assert.deepEqual(run('asked() ( no-such ); if asked; then pass; else fail no-file; fi'), notFound);
  assert.equal(run('command -v no-such >/dev/null && fail there; pass').status, 0);
  const cleansUp = run('trap "echo cleaned up" EXIT; no-such; pass');
  assert.deepEqual([cleansUp.status, cleansUp.stdout], [2, 'cleaned up\n']);
});

test('evidence is bare where it can be and quoted where it must', () => {
  const { stdout } = run(`fail mode mode=660 path=/run/docker.sock members="bob  eve" said='a "b" \\c' empty=`);
  assert.equal(stdout, 'mode mode=660 path=/run/docker.sock members="bob  eve" said="a \\"b\\" \\\\c" empty=""\n');
});

test('whatever a machine holds arrives at the server as it was, but for control characters', () => {
  const value = fc.string({ unit: 'grapheme-ascii', maxLength: 100 });
  fc.assert(
    fc.property(value, (seen) => {
      const answer = parseAnswer(run('fail seen value="$SEEN"', { SEEN: seen }).stdout);
      assert.equal(answer?.evidence.value, seen);
    }),
    { numRuns: 40 },
  );
  const hostile = run('fail seen value="$SEEN"', { SEEN: 'a\n\u001b]52;c;x\u0007" other="b' }).stdout;
  assert.deepEqual(parseAnswer(hostile)?.evidence, { value: 'a  ]52;c;x " other="b' });
});

test('members of a group are those it lists and those whose first group it is', () => {
  const { stdout } = run(`
    getent() { [[ $2 == docker ]] && echo docker:x:654321:olga,alice; }
    awk() { command awk "$@" <(printf 'carl:x:1003:654321::/:\\nalice:x:1000:1000::/:\\n'); }
    members_of_group docker; members_of_group none`);
  // The list's own awk reads /etc/passwd as well; nobody there has this number.
  assert.equal(stdout, 'alice\ncarl\nolga\n');
});

test('what runs as a user of the machine carries neither the secrets of the sandbox nor the proof of a verdict', () => {
  const { stdout } = run(
    `
    setpriv() { env; }
    as_user root true | grep --count DRYDOCK_
    env | grep --count DRYDOCK_`,
    { DRYDOCK_SECRET_ROOT: 'a', DRYDOCK_SECRET_CA_KEY: 'b', DRYDOCK_PROOF: 'c' },
  );
  assert.equal(stdout, '0\n3\n');
});

test('a process that runs with a group is found with its owner and its name', async (context) => {
  const gid = process.getgid?.() ?? 0;
  const child = spawn('sleep', ['60']);
  context.after(() => child.kill());
  await once(child, 'spawn');
  const { stdout } = run(`processes_with_gid ${gid}`);
  assert.match(stdout, new RegExp(`^${child.pid} ${process.getuid?.()} sleep$`, 'm'));
  assert.doesNotMatch(run('processes_with_gid 999999').stdout, /sleep/);
});

test('docker_api tells an answer from a refusal and from a closed door', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'kit-'));
  const socket = join(folder, 'docker.sock');
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/_ping' ? 200 : 404;
    response.end(`${request.method} ${request.url}`);
  });
  context.after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  await once(server.listen(socket), 'listening');
  // Asynchronous, because this process is the daemon.
  const ask = async (script: string) => {
    const child = spawn('bash', ['-c', `${kit}\ndocker_socket=$SOCKET\n${script}; echo " $?"`], {
      env: { ...process.env, SOCKET: socket },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(child, 'close');
    return Buffer.concat(chunks).toString();
  };
  assert.equal(await ask('docker_api GET /_ping'), 'GET /_ping 0\n');
  assert.equal(await ask('docker_api DELETE /containers/x'), ' 22\n');
  assert.equal(await ask('docker_socket=/nowhere; docker_api GET /_ping'), ' 7\n');
});

test('docker_tcp shows the certificates that are there, and no others', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'kit-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const asked = () =>
    run(`curl() { echo "$@"; }; docker_tcp GET https://host:2376/version --certs "$F"`, { F: folder });
  assert.match(asked().stdout, / --request GET https:\/\/host:2376\/version\n$/);
  writeFileSync(join(folder, 'ca.pem'), '');
  assert.match(asked().stdout, / --request GET --cacert \S+\/ca\.pem https:/);
  writeFileSync(join(folder, 'cert.pem'), '');
  assert.match(asked().stdout, / --cacert \S+\/ca\.pem --cert \S+\/cert\.pem --key \S+\/key\.pem https:/);
});

test('tcp_listeners prints the addresses, all of them as one sign, and nothing for a port nobody listens at', () => {
  const ss = (lines: string) => `ss() { printf '%s' '${lines}'; }; tcp_listeners 2375`;
  const listening =
    'LISTEN 0 4096 127.0.0.1:2375 0.0.0.0:*\nLISTEN 0 4096 [::1]:2375 [::]:*\nLISTEN 0 4096 *:2375 *:*\n';
  assert.deepEqual(run(ss(listening)), { status: 0, stdout: '127.0.0.1\n[::1]\n*\n', stderr: '' });
  assert.deepEqual(run(ss('')), { status: 1, stdout: '', stderr: '' });
});

test('address_of knows the names of machines, and says when there is none', () => {
  const hosts = `getent() { [[ $2 == host ]] && printf '10.0.0.10 STREAM host\n10.0.0.10 DGRAM\n'; }`;
  assert.deepEqual(run(`${hosts}; address_of host`), { status: 0, stdout: '10.0.0.10\n', stderr: '' });
  assert.equal(run(`${hosts}; address_of nobody`).status, 1);
});

test('socket_peer prints who listens at a socket, and nothing for a file that nobody is behind', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'sockets-'));
  const path = join(folder, 'live.sock');
  const server = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen('${path}', () => console.log())`,
  ]);
  context.after(() => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  await once(server.stdout, 'data');
  const peer = run(`read -r pid uid name < <(socket_peer ${path}); echo "$pid $((uid == UID)) $name"`);
  const name = readFileSync(`/proc/${server.pid}/comm`, 'utf8').trim();
  assert.deepEqual(peer, { status: 0, stdout: `${server.pid} 1 ${name}\n`, stderr: '' });
  server.kill('SIGKILL');
  await once(server, 'exit');
  assert.deepEqual(run(`socket_peer ${path}`), { status: 1, stdout: '', stderr: '' });
});

test('a proof lies where only root may read, and is gone at the end, with the container, whatever the outcome', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kit-'));
  try {
    const inFolder = kit.replaceAll('/root/proof-', `${folder}/proof-`);
    const ends = { pass: 0, 'fail attack-works': 1, 'kill -TERM $$': 2 };
    for (const [end, expected] of Object.entries(ends)) {
      const script = `remove_container() { echo "removes $1"; }
        lay_proof
        stat -c %a "$proof_file"; cat "$proof_file"; [[ $proof_container == "proof-$$" ]] && echo named; ${end}`;
      const { status, stdout } = spawnSync('bash', ['-c', `${inFolder}\n${script}`], {
        env: { ...process.env, DRYDOCK_PROOF: 'c0ffee' },
        encoding: 'utf8',
      });
      assert.equal(status, expected, end);
      assert.match(stdout, /^600\nc0ffee\nnamed\n[\s\S]*removes proof-\d+\n$/, end);
      assert.deepEqual(readdirSync(folder), [], end);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file holds a secret when it says it anywhere; an empty secret is in none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kit-'));
  try {
    const file = join(folder, 'loot.txt');
    writeFileSync(file, '0\nit is s3cr3t.\n');
    const holds = (secret: string, path = file) => run('holds_secret "$F" "$S"', { F: path, S: secret }).status;
    assert.equal(holds('s3cr3t\n'), 0);
    assert.equal(holds('s.cr.t'), 1);
    assert.equal(holds('\n'), 1);
    assert.notEqual(holds('s3cr3t', join(folder, 'gone.txt')), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a container crashes and is waited for until its daemon has given it another process', () => {
  const asked = (pids: string) => `
    jq() { cat; }
    docker_api() { ${pids}; }
    crash_container web`;
  const crashed = run(
    `sleep 60 & first=$!; ${asked('if kill -0 $first 2>/dev/null; then echo $first; else echo 4242; fi')}`,
  );
  assert.equal(crashed.status, 0);
  assert.equal(run(asked('echo 0')).status, 1, 'what does not run cannot crash');
});
