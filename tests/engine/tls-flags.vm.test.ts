import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tryout } from '../../cli/lab/tryout.ts';
import { loadLab } from '../../labs/format/load-lab.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';

/**
 * What dockerd's flags about TLS do is not quite what is written about them; lesson 3 has a table of what the engine of
 * the image does. Another engine may do something else, and then the lesson has to say so.
 */

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
const { signal } = new AbortController();
let tryout: Tryout;

before(async () => {
  tryout = await Tryout.start(loadLab('labs/docker-group'), engine, { signal });
  await onHost(`
    mkdir /tls && cd /tls
    new='openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc'
    $new -x509 -keyout ca-key.pem -out ca.pem -subj /CN=ca 2>/dev/null
    for who in server client; do
      $new -keyout $who-key.pem -out $who.csr -subj /CN=$who 2>/dev/null
      echo "extendedKeyUsage=\${who}Auth" > $who.ext
      openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca-key.pem -extfile $who.ext -out $who-cert.pem 2>/dev/null
    done`);
});
after(async () => {
  await tryout[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

async function onHost(script: string): Promise<string> {
  const { stdout, stderr, status } = await tryout.run('host', { script, timeoutMs: 90_000 });
  assert.equal(status, 0, stderr);
  return stdout;
}

const KEYS = '--tlscert=/tls/server-cert.pem --tlskey=/tls/server-key.pem';

/** Starts a daemon of its own, on port 2390, and asks it; an answer per line, `who what`. */
async function ask(name: string, daemon: { flags: string; variables?: string }, questions: string) {
  const own = `--data-root /tmp/${name}/data --exec-root /tmp/${name}/exec --pidfile /tmp/${name}.pid`;
  const apart = '--bridge none --iptables=false --containerd /run/containerd/containerd.sock';
  const { flags, variables = '' } = daemon;
  const output = await onHost(`
    env ${variables} dockerd ${own} ${apart} ${flags} -H tcp://127.0.0.1:2390 >/tmp/${name}.log 2>&1 &
    until grep --quiet 'API listen on' /tmp/${name}.log; do
      kill -0 $! 2>/dev/null || { echo "ended $(grep --only-matching 'open .*ca.pem' /tmp/${name}.log | head -n 1)"; exit; }
      sleep 0.2
    done
    ${questions}
    kill -KILL $!`);
  const lines = output.trim().split('\n');
  const answers = lines.map((line): [string, string] => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)]);
  return Object.fromEntries(answers);
}

/** What a stranger, a holder of a certificate and one who speaks plain HTTP get. */
async function whoGetsIn(name: string, flags: string, variables = ''): Promise<Record<string, string>> {
  const curl = 'curl --silent --insecure --max-time 10 --output /dev/null --write-out "%{http_code}"';
  const questions = `
    echo "stranger $(${curl} https://127.0.0.1:2390/_ping)"
    echo "client $(${curl} --cert /tls/client-cert.pem --key /tls/client-key.pem https://127.0.0.1:2390/_ping)"
    echo "plain $(${curl} http://127.0.0.1:2390/_ping)"`;
  return ask(name, { flags, variables }, questions);
}

/** curl's code for no answer at all. */
const REFUSED = '000';
const ASKED_FOR_TLS = '400';
const MUTUAL = { stranger: REFUSED, client: '200', plain: ASKED_FOR_TLS };

test('--tlsverify with an authority lets in whoever has its certificate', async () => {
  assert.deepEqual(await whoGetsIn('verify', `--tlsverify --tlscacert=/tls/ca.pem ${KEYS}`), MUTUAL);
});

test('--tls with an authority does the same', async () => {
  assert.deepEqual(await whoGetsIn('tls', `--tls --tlscacert=/tls/ca.pem ${KEYS}`), MUTUAL);
});

test('--tls without one looks for it at home, and does not start', async () => {
  const { ended } = await whoGetsIn('without', `--tls ${KEYS}`);
  assert.match(ended ?? '', /^open \/.*\.docker\/ca\.pem/);
});

test('--tlsverify=false lets everybody in, encrypted', async () => {
  const all = { stranger: '200', client: '200', plain: ASKED_FOR_TLS };
  assert.deepEqual(await whoGetsIn('off', `--tlsverify=false ${KEYS}`), all);
});

test('DOCKER_TLS_VERIFY is not for the daemon: everybody gets in, over plain HTTP', async () => {
  const plain = { stranger: REFUSED, client: REFUSED, plain: '200' };
  assert.deepEqual(await whoGetsIn('variable', '', 'DOCKER_TLS_VERIFY=1'), plain);
});

test('the docker command checks the server with --tlsverify, and with --tls it does not, whatever authority it is given', async () => {
  // The server's certificate is not for 127.0.0.1, so whoever checks it is not content.
  const docker = 'docker -H tcp://127.0.0.1:2390';
  const version = `version --format '{{.Server.Os}}' 2>&1 | tail -n 1)"`;
  const answers = await ask(
    'server',
    { flags: `--tlsverify=false ${KEYS}` },
    `mkdir -p /tmp/certs && cp /tls/ca.pem /tmp/certs
    echo "verify $(${docker} --tlsverify --tlscacert=/tls/ca.pem ${version}
    echo "tls $(${docker} --tls --tlscacert=/tls/ca.pem ${version}
    echo "off $(${docker} --tlsverify=false --tlscacert= ${version}
    echo "zero $(DOCKER_TLS_VERIFY=0 DOCKER_CERT_PATH=/tmp/certs ${docker} ${version}
    echo "empty $(DOCKER_TLS_VERIFY= ${docker} ${version}`,
  );
  assert.match(answers.verify ?? '', /failed to verify certificate/);
  assert.equal(answers.tls, 'linux');
  assert.equal(answers.off, 'linux');
  assert.match(answers.zero ?? '', /failed to verify certificate/);
  assert.match(answers.empty ?? '', /HTTP request to an HTTPS server/);
});
