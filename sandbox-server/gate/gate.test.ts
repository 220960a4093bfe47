import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, beforeEach, describe, it } from 'node:test';
import { PACK_DRAFT, RELAY } from '../machines/docker/container-commands.ts';
import { FILES_VOLUME, LABELS } from '../machines/docker/docker-context.ts';
import { CABLE_MEMORY } from '../machines/docker/shared-cable.ts';
import { CABLE, cableOf, driverOrder, FILES, IMAGE, SERVER } from '../testing/driver-orders.ts';
import { GatedEngine } from '../testing/gated-engine.ts';

const gated = await GatedEngine.open();
after(() => gated[Symbol.asyncDispose]());

const [MACHINE = '', DRAFT = '', HELPER = '', FOREIGN = '', OTHER_OWNER = '', GONE = ''] = [...'abcdef'].map((digit) =>
  digit.repeat(64),
);
const labels = (kind: string, owner = 'drydock') => ({ [LABELS.owner]: owner, [LABELS.kind]: kind });

beforeEach(() => {
  gated.asked.length = 0;
  gated.images.clear();
  gated.containers.clear();
  gated.containers.set(MACHINE, labels('machine')).set(DRAFT, labels('draft')).set(HELPER, labels('helper'));
  gated.containers.set(FOREIGN, { 'com.example': 'database' }).set(OTHER_OWNER, labels('machine', 'another'));
  gated.volumes.clear();
  gated.volumes.set(FILES_VOLUME, FILES).set(CABLE, cableOf('drydock')).set('db', { Driver: 'local', Labels: null });
});

async function passes(method: string, path: string, sent: string, body?: unknown): Promise<void> {
  const { status, body: said } = await gated.ask(method, path, body);
  assert.ok(status < 300, JSON.stringify(said));
  assert.deepEqual(gated.orders, [`${method} /v1.41${sent}`]);
  gated.asked.length = 0;
}

async function refuses(method: string, path: string, why: RegExp, body?: unknown, status = 403): Promise<void> {
  const answer = await gated.ask(method, path, body);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  assert.match(answer.body.message, why, `${method} ${path}`);
  assert.deepEqual(gated.orders, [], `${method} ${path}`);
}

describe('what the driver asks', () => {
  it('passes with any version of the API, or none, and reaches the engine with one', async () => {
    for (const prefix of ['', '/v1.24', '/v1.41', '/v1.52']) await passes('GET', `${prefix}/version`, '/version');
    await passes('GET', '/_ping', '/_ping');
    await passes('HEAD', '/_ping', '/_ping');
  });

  it('passes for containers, volumes and the image', async () => {
    await passes('POST', `/v1.41/containers/${MACHINE}/start`, `/containers/${MACHINE}/start`);
    const wait = `/containers/${MACHINE}/wait?condition=removed`;
    await passes('POST', wait, wait, { condition: 'removed' });
    await passes('DELETE', `/volumes/${CABLE}`, `/volumes/${CABLE}`);
    const removal = `/containers/${MACHINE}?force=true&v=true`;
    await passes('DELETE', removal, removal);
    assert.equal((await gated.ask('GET', `/containers/${DRAFT}/json`)).body.Id, DRAFT);
    gated.images.add(IMAGE);
    assert.equal((await gated.ask('GET', `/images/${IMAGE}/json`)).status, 200);
  });

  it('passes without a header of the client’s', async () => {
    const headers = { 'X-Registry-Auth': 'secret', Cookie: 'a=b', 'X-Forwarded-For': '10.0.0.1', Host: 'elsewhere' };
    await gated.ask('GET', '/version', undefined, headers);
    assert.deepEqual(gated.asked[0]?.headers, { host: 'docker', connection: 'close' });
  });
});

it('lists this gate’s containers and volumes, whatever is asked for', async () => {
  const filtersOf = () =>
    new URL(gated.asked[0]?.what.slice('GET '.length) ?? '', 'http://x').searchParams.get('filters');
  const foreign = encodeURIComponent(JSON.stringify({ label: ['com.example'], name: ['db'] }));
  await gated.ask('GET', `/containers/json?all=true&filters=${foreign}`);
  assert.equal(filtersOf(), '{"label":["drydock.owner=drydock"]}');
  gated.asked.length = 0;
  await gated.ask('GET', `/volumes?filters=${foreign}`);
  assert.equal(filtersOf(), '{"dangling":["true"],"label":["drydock.owner=drydock"]}');
  gated.asked.length = 0;
  await refuses('GET', '/containers/json', /all is missing/);
  await refuses('GET', '/containers/json?all=true', /filters is missing/);
  await refuses('GET', `/containers/json?all=true&size=1&filters=${foreign}`, /nothing called "size"/);
});

it('tells of the engine what the driver reads, and not who else uses it', async () => {
  assert.deepEqual((await gated.ask('GET', '/info')).body, { ID: 'x', NCPU: 2 });
});

describe('what is another’s', () => {
  const orders: readonly [string, string, unknown?][] = [
    ['GET', '/json'],
    ['POST', '/start'],
    ['POST', '/wait?condition=removed'],
    ['POST', '/exec', { Cmd: [...RELAY], AttachStdin: true, AttachStdout: true, AttachStderr: true }],
    ['DELETE', '?force=true&v=true'],
  ];
  for (const [method, what, body] of orders) {
    it(`is refused: ${method} /containers/…${what}`, async () => {
      for (const id of [FOREIGN, OTHER_OWNER]) {
        await refuses(method, `/containers/${id}${what}`, /is not one of this gate's/, body);
      }
      await refuses(method, `/containers/${GONE}${what}`, /No such container/, body, 404);
    });
  }

  it('is not found by the name that it has, or the beginning of its id', async () => {
    for (const name of ['db', MACHINE.slice(0, 12), `${MACHINE}a`, MACHINE.toUpperCase()]) {
      await refuses('GET', `/containers/${name}/json`, /does not ask for/);
    }
    // What the engine took for a name.
    gated.onRequest = (request, response) => {
      if (!request.url?.includes(GONE)) return false;
      response.end(JSON.stringify({ Id: FOREIGN, Config: { Labels: labels('machine') } }));
      return true;
    };
    await refuses('GET', `/containers/${GONE}/json`, /is not one of this gate's/);
    gated.onRequest = () => false;
  });

  it('is refused as a volume', async () => {
    await refuses('DELETE', '/volumes/db', /db is not one of this gate's/);
    await refuses('DELETE', `/volumes/${FILES_VOLUME}`, /is not one of this gate's/);
    await refuses('DELETE', `/volumes/${CABLE}?force=1`, /nothing called "force"/);
    await refuses('GET', '/volumes/db', /does not ask for/);
  });

  it('is refused as an image', async () => {
    for (const image of ['debian:12', 'debian', 'drydock-runner:fedcba9876543210', `sha256:${MACHINE}`]) {
      await refuses(
        'GET',
        `/images/${image}/json`,
        /knows one image, drydock-runner:0123456789abcdef\..*npm run deploy/,
      );
    }
    await refuses('GET', '/images/docker.io/debian/json', /is not written as/);
    await refuses('GET', '/images/json', /does not ask for/);
    await refuses('DELETE', `/images/${IMAGE}`, /does not ask for/);
    // Nobody brings one: what is in an image decides what its containers' commands do.
    await refuses(
      'POST',
      '/images/create?fromSrc=-&repo=drydock-runner&tag=fedcba9876543210',
      /does not ask for/,
      'tar',
    );
  });
});

it('does to a container what the driver does, and nothing beside it', async () => {
  await refuses('POST', `/containers/${MACHINE}/start`, /sends no "HostConfig"/, { HostConfig: { Privileged: true } });
  await refuses('POST', `/containers/${MACHINE}/start?detachKeys=a`, /nothing called "detachKeys"/);
  await refuses('DELETE', `/containers/${MACHINE}?force=true`, /v is missing/);
  await refuses('DELETE', `/containers/${MACHINE}?force=true&v=true&link=true`, /nothing called "link"/);
  await refuses('DELETE', `/containers/${MACHINE}?force=true&v=true&v=false`, /v stands twice/);
  await refuses('DELETE', `/containers/${MACHINE}?force=true&v=no`, /v is "no"/);
  await refuses('POST', `/containers/${MACHINE}/wait?condition=next-exit`, /condition is "next-exit"/);
  await refuses('GET', '/version', /nothing in the body/, { a: 1 });
  await refuses('GET', '/version?x=1', /nothing called "x"/);
});

describe('volumes', () => {
  const cable = {
    ...{ Name: CABLE, Labels: labels('cable', SERVER) },
    ...{ Driver: 'local', DriverOpts: CABLE_MEMORY },
  };
  const files = { Name: FILES_VOLUME, Labels: { [LABELS.kind]: 'files' } };
  const create = '/v1.41/volumes/create';

  it('are made as the driver makes them, labelled as the gate’s', async () => {
    await passes('POST', `${create}?Name=${FILES_VOLUME}`, '/volumes/create', files);
    await gated.ask('POST', create, cable);
    assert.deepEqual(JSON.parse(gated.asked.at(-1)?.body ?? ''), { ...cable, Labels: labels('cable') });
  });

  it('are no more cables than there may be containers', async () => {
    for (let number = 1; number < 50; number += 1) {
      const Name = `drydock-cable-${String(number).padStart(16, '0')}`;
      assert.equal((await gated.ask('POST', create, { ...cable, Name })).status, 200);
    }
    gated.asked.length = 0;
    const last = { ...cable, Name: 'drydock-cable-ffffffffffffffff' };
    await refuses('POST', create, /There are 50 cables, and GATE_MAX_CONTAINERS is 50/, last, 429);
    await passes('POST', create, '/volumes/create', files);
  });

  const root = { type: 'none', o: 'bind', device: '/' };
  const attacks: Readonly<Record<string, [unknown, RegExp]>> = {
    'a folder of the host': [{ ...cable, DriverOpts: root }, /DriverOpts\.type is "none"/],
    'a folder of the host as the store': [{ ...files, DriverOpts: root }, /DriverOpts is/],
    'a folder of the host by an option more': [
      { ...cable, DriverOpts: { ...CABLE_MEMORY, device: '/' } },
      /device is "\/"/,
    ],
    'more memory': [{ ...cable, DriverOpts: { ...CABLE_MEMORY, o: 'size=64g' } }, /DriverOpts\.o is/],
    'a file system of another computer': [{ ...cable, Driver: 'nfs' }, /Driver is "nfs"/],
    'the engine’s socket': [{ ...cable, DriverOpts: { ...root, device: '/var/run/docker.sock' } }, /DriverOpts/],
    'another name': [{ ...cable, Name: 'db' }, /Name is "db"/],
    'a name that leads elsewhere': [{ ...cable, Name: `../${CABLE}` }, /Name is/],
    'a label more': [{ ...cable, Labels: { ...cable.Labels, a: 'b' } }, /Labels\.a is "b"/],
    'another kind': [{ ...cable, Labels: { ...cable.Labels, [LABELS.kind]: 'files' } }, /kind is "files"/],
    'a field more': [{ ...files, ClusterVolumeSpec: {} }, /ClusterVolumeSpec/],
  };
  for (const [what, [body, why]] of Object.entries(attacks)) {
    it(`are refused: ${what}`, () => refuses('POST', create, why, body));
  }
});

describe('programs in containers', () => {
  const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const relay = { Cmd: [...RELAY], ...streams };
  const pack = { Cmd: [...PACK_DRAFT, 'memory', 'disk.qcow2'], ...streams };

  it('are the relay of a machine, and what packs the files of a draft', async () => {
    for (const [id, body] of [
      [MACHINE, relay],
      [DRAFT, relay],
      [DRAFT, pack],
    ] as const) {
      await passes('POST', `/containers/${id}/exec`, `/containers/${id}/exec`, body);
    }
  });

  const attacks: Readonly<Record<string, [string, unknown, RegExp]>> = {
    'a shell': [MACHINE, { Cmd: ['sh'], ...streams }, /runs no .*sh.* in container aaaaaaaaaaaa, a machine/],
    'a word more': [MACHINE, { ...relay, Cmd: [...RELAY, 'x'] }, /runs no/],
    'none at all': [MACHINE, streams, /runs no "null"/],
    'packing in a machine': [MACHINE, pack, /runs no/],
    'packing from elsewhere': [DRAFT, { ...pack, Cmd: [...PACK_DRAFT, '../etc/shadow'] }, /runs no/],
    'packing by an option': [DRAFT, { ...pack, Cmd: [...PACK_DRAFT, '--to-command=x'] }, /runs no/],
    'packing nothing': [DRAFT, { ...pack, Cmd: [...PACK_DRAFT] }, /runs no/],
    'the relay in a helper': [HELPER, relay, /runs no/],
    'all rights': [MACHINE, { ...relay, Privileged: true }, /Privileged is true/],
    'another user': [MACHINE, { ...relay, User: '0' }, /User is "0"/],
    'another environment': [MACHINE, { ...relay, Env: ['PERL5OPT=-Mx'] }, /Env is/],
    'another folder': [MACHINE, { ...relay, WorkingDir: '/proc/1/root' }, /WorkingDir/],
    'a terminal': [MACHINE, { ...relay, Tty: true }, /Tty is true/],
    'detaching keys': [MACHINE, { ...relay, DetachKeys: 'a' }, /DetachKeys/],
  };
  for (const [what, [id, body, why]] of Object.entries(attacks)) {
    it(`are refused: ${what}`, () => refuses('POST', `/containers/${id}/exec`, why, body));
  }

  it('wait to be started, up to 32 in a container', async () => {
    await using own = await GatedEngine.open();
    for (const [id, of] of gated.containers) own.containers.set(id, of);
    const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp' };
    const make = () => own.ask('POST', `/containers/${MACHINE}/exec`, relay);
    const made = await Promise.all(Array.from({ length: 40 }, make));
    assert.equal(made.filter(({ status }) => status === 201).length, 32);
    const { status, body } = await make();
    assert.equal(status, 429);
    assert.match(body.message, /Container a{12} has 32 execs that nobody has started/);
    assert.equal((await own.ask('POST', `/containers/${DRAFT}/exec`, relay)).status, 201, 'another has its own');
    const id = made.find(({ status }) => status === 201)?.body.Id;
    assert.equal((await own.ask('POST', `/exec/${id}/start`, {}, upgrade)).status, 101);
    assert.deepEqual([(await make()).status, (await make()).status], [201, 429]);
    own.onRequest = (request, response) => {
      if (!request.url?.endsWith('/start')) return false;
      response.writeHead(404).end('{"message":"No such container"}');
      return true;
    };
    assert.equal((await own.ask('POST', `/containers/${MACHINE}/start`)).status, 404);
    own.onRequest = () => false;
    assert.equal((await make()).status, 201, 'they are forgotten with their container');
  });

  it('do not count where the engine makes none', async () => {
    gated.onRequest = (request, response) => {
      if (!request.url?.endsWith('/exec')) return false;
      response.writeHead(409).end('{"message":"it does not run"}');
      return true;
    };
    for (let count = 0; count < 40; count += 1) {
      assert.equal((await gated.ask('POST', `/containers/${DRAFT}/exec`, relay)).status, 409);
    }
    gated.onRequest = () => false;
    assert.equal((await gated.ask('POST', `/containers/${DRAFT}/exec`, relay)).status, 201);
  });

  it('are started once, by whoever made them through the gate', async () => {
    const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp' };
    const start = (id: string, body: object = {}) => gated.ask('POST', `/exec/${id}/start`, body, upgrade);
    const { body } = await gated.ask('POST', `/containers/${MACHINE}/exec`, relay);
    const id = String(body.Id);
    assert.equal((await start(FOREIGN)).status, 403, 'another’s exec');
    assert.equal((await start(id, { Detach: true })).status, 403);
    assert.equal((await start(id, { Tty: true })).status, 403);
    assert.equal((await start(id, { Privileged: true })).status, 403);
    assert.equal((await start(id, { hijack: true, stdin: true })).status, 101);
    const again = await start(id);
    assert.match(again.body.message, /was not made through this gate/);
    const started = gated.asked.filter(({ what }) => what.endsWith('/start'));
    assert.deepEqual(
      started.map(({ what, body }) => [what, body]),
      [[`POST /v1.41/exec/${id}/start`, '{"Detach":false,"Tty":false}']],
    );
  });
});

describe('paths', () => {
  const ways = [
    '/containers/../info',
    '/v1.41/../info',
    '/containers/%2e%2e/info',
    `/containers/${MACHINE}/%6ason`,
    '//info',
    '/v1.41//info',
    '/info/',
    '/info#x',
    '/v1.41/v1.41/info',
    '/v2.0/info',
    '/v1.41x/info',
    '/V1.41/info',
    '/info;x',
    '/info\\x',
    'http://docker/info',
    '*',
    '/',
    `/containers/${MACHINE}/json/../../${FOREIGN}/json`,
    `/containers/${MACHINE}%2f..%2f${FOREIGN}/json`,
    `/volumes/../containers/${FOREIGN}`,
  ];
  for (const path of ways) {
    it(`are written in one way: ${path.replaceAll(/(\w)\1{20,}/g, '$1…')}`, () =>
      refuses('GET', path, /is not written as Drydock/));
  }
});

it('is deaf to every other order of the API', async () => {
  const orders = `
    GET /events, GET /system/df, POST /auth, POST /session, POST /grpc, POST /build, POST /build/prune, POST /commit, GET /plugins,
    POST /plugins/pull, POST /plugins/x/enable, POST /swarm/init, GET /swarm, POST /swarm/join, GET /nodes, GET /services,
    POST /services/create, GET /tasks, GET /secrets, POST /secrets/create, GET /configs, GET /networks,
    POST /networks/create, POST /networks/x/connect, DELETE /networks/x, POST /images/create, POST /images/load, GET /images/get, POST /images/prune,
    GET /images/search, POST /images/x/tag, POST /images/x/push, GET /images/x/get, GET /distribution/x/json, POST /containers/prune,
    POST /volumes/prune, PUT /volumes/${CABLE}, GET /exec/${MACHINE}/json, POST /exec/${MACHINE}/resize,
    OPTIONS /info, PUT /info, PATCH /info, DELETE /info, POST /info, GET /metrics, GET /debug/pprof, GET /containers/create
  `;
  const ofContainer = `
    GET logs, GET top, GET stats, GET changes, GET export, GET archive, PUT archive, HEAD archive, POST stop, POST restart, POST kill,
    POST update, POST rename, POST pause, POST unpause, POST resize, GET attach/ws, POST checkpoints, POST copy, POST json
  `.replaceAll(/(\w+) ([\w/]+)/g, `$1 /containers/${MACHINE}/$2`);
  const asked = `${orders},${ofContainer}`.split(',').map((order) => order.trim().split(' '));
  assert.ok(asked.length > 60);
  for (const [method = '', path = ''] of asked) {
    for (const prefix of ['', '/v1.41']) {
      const { status } = await gated.ask(method, prefix + path);
      assert.equal(status, 403, `${method} ${path}`);
    }
  }
  assert.deepEqual(gated.asked, []);
});

describe('requests that two readers could read differently', () => {
  const raw = (bytes: string) => {
    const socket = connect(gated.socket);
    socket.write(bytes);
    return text(socket);
  };
  const hidden = `DELETE /containers/${FOREIGN}?force=true&v=true HTTP/1.1\r\nHost: x\r\n\r\n`;
  const head = [`POST /containers/${MACHINE}/start HTTP/1.1`, 'Host: x'];

  const ways: Readonly<Record<string, string[]>> = {
    'both lengths': [...head, 'Content-Length: 6', 'Transfer-Encoding: chunked', '', '0', '', hidden],
    'two lengths': [...head, 'Content-Length: 0', `Content-Length: ${hidden.length}`, '', hidden],
    'a length with a sign': [...head, 'Content-Length: +5', '', hidden],
    'an encoding that is none': [...head, 'Transfer-Encoding: xchunked', '', '0', '', hidden],
    'a chunk’s length that is none': [...head, 'Transfer-Encoding: chunked', '', '0x5', hidden],
    'a header over two lines': [...head, 'Transfer-Encoding:', ' chunked', 'Content-Length: 5', '', hidden],
    'a space before the colon': [...head, 'Content-Length : 5', '', hidden],
    'bare line feeds': [`${head[0]}\nHost: x\nContent-Length: 5\n\n${hidden}`],
    'a stream with both lengths': [
      ...[`POST /exec/${MACHINE}/start HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: tcp'],
      ...['Content-Length: 0', 'Transfer-Encoding: chunked', '', hidden],
    ],
    'a stream in chunks': [
      ...[`POST /exec/${MACHINE}/start HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: tcp'],
      ...['Transfer-Encoding: chunked', '', '0', '', hidden],
    ],
    'a tunnel': ['CONNECT docker:80 HTTP/1.1', 'Host: x', '', hidden],
    'another protocol altogether': ['\x16\x03\x01\x00\xa5', '', ''],
  };
  for (const [what, lines] of Object.entries(ways)) {
    it(`are answered 400 or not at all: ${what}`, async () => {
      const answer = await raw(lines.join('\r\n'));
      assert.ok(answer === '' || answer.startsWith('HTTP/1.1 400 '), answer);
      assert.deepEqual(
        gated.asked.filter(({ what }) => what.startsWith('DELETE') || what.startsWith('CONNECT')),
        [],
      );
    });
  }

  it('are none of the driver’s where a second comes before the answer to the first', async () => {
    gated.logged.length = 0;
    const two = `GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`;
    assert.equal(await raw(two), '');
    assert.deepEqual(
      gated.asked.filter(({ what }) => what.startsWith('DELETE')),
      [],
    );
    assert.deepEqual(gated.logged, [
      'Refused a request before the answer to the one before it: the connection was closed.',
    ]);
    await passes('GET', '/_ping', '/_ping');
  });
});

describe('somebody who does not wait for an answer', () => {
  /** One that the engine does not answer, and when its connections to the engine are gone. */
  const pending = (then: string) => {
    const closed: Promise<unknown>[] = [];
    const socket = connect(gated.socket);
    gated.onRequest = (request) => {
      if (!request.url?.includes('/wait')) return false;
      closed.push(once(request.socket, 'close'));
      socket.write(then);
      return true;
    };
    socket.write(`POST /containers/${MACHINE}/wait?condition=removed HTTP/1.1\r\nHost: x\r\n\r\n`);
    return { socket, closed };
  };
  after(() => {
    gated.onRequest = () => false;
  });

  it('does not end the gate by asking for a stream', async () => {
    const { socket, closed } = pending('GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    assert.equal(await text(socket), '');
    await Promise.all(closed);
    gated.onRequest = () => false;
    await passes('GET', '/_ping', '/_ping');
  });

  it('has one connection to the engine, and leaves none', async () => {
    const wait = `POST /containers/${MACHINE}/wait?condition=removed HTTP/1.1\r\nHost: x\r\n\r\n`;
    const { socket, closed } = pending(wait.repeat(400));
    assert.equal(await text(socket), '');
    await Promise.all(closed);
    assert.equal(closed.length, 1);
  });

  it('may ask the next on the same connection once it was answered', async () => {
    gated.onRequest = () => false;
    const socket = connect(gated.socket);
    for (const last of [false, true]) {
      socket.write(`GET /_ping HTTP/1.1\r\nHost: x\r\n${last ? 'Connection: close\r\n' : ''}\r\n`);
      assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 /);
    }
    socket.destroy();
  });
});

it('an answer that breaks off where a stream was asked for does not end the gate', async () => {
  const streams = 'hijack=true&stream=true&stdin=true&stdout=true&stderr=true';
  gated.refusesStreams = true;
  const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp' };
  await assert.rejects(gated.ask('POST', `/containers/${HELPER}/attach?${streams}`, undefined, upgrade));
  gated.refusesStreams = false;
  gated.asked.length = 0;
  await passes('GET', '/_ping', '/_ping');
});

it('reads no more of a body than the driver would send', async () => {
  const huge = JSON.stringify({ ...driverOrder('machine'), Env: ['x'.repeat(300 * 1024)] });
  await refuses('POST', '/containers/create', /more than 256 KiB/, huge, 413);
  const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp' };
  const { status } = await gated.ask('POST', `/exec/${MACHINE}/start`, huge, upgrade);
  assert.equal(status, 413);
});

it('takes JSON objects as bodies', async () => {
  for (const body of ['[]', '1', 'null', '{', '"x"']) {
    await refuses('POST', '/containers/create', /is not/, body, 400);
  }
});

it('gives a stream only where there is one, and nothing else there', async () => {
  const upgrade = { Connection: 'Upgrade', Upgrade: 'tcp' };
  for (const [method, path] of [
    ['GET', '/info'],
    ['POST', `/containers/${MACHINE}/start`],
    ['GET', `/containers/${MACHINE}/attach/ws`],
    ['POST', '/session'],
    ['POST', '/grpc'],
  ] as const) {
    assert.equal((await gated.ask(method, path, undefined, upgrade)).status, 403, path);
  }
  const streams = 'hijack=true&stream=true&stdin=true&stdout=true&stderr=true';
  await refuses('POST', `/containers/${HELPER}/attach?${streams}`, /asks for a stream there/);
  const attach = (id: string, query: string) =>
    gated.ask('POST', `/containers/${id}/attach?${query}`, undefined, upgrade);
  assert.equal((await attach(HELPER, `${streams}&logs=true`)).status, 403);
  assert.equal((await attach(MACHINE, streams)).status, 403);
  assert.equal((await attach(FOREIGN, streams)).status, 403);
  assert.deepEqual(gated.orders, []);
  assert.equal((await attach(HELPER, streams)).status, 101);
});

it('listens after a request to that was refused, and remembers each in one line of its log', async () => {
  gated.logged.length = 0;
  await refuses('POST', `/containers/${FOREIGN}/start`, /not one of/);
  await refuses('GET', '/a\\b', /not written/);
  assert.deepEqual(gated.logged, [
    `Refused POST "/containers/${FOREIGN}/start": Container dddddddddddd is not one of this gate's.`,
    'Refused GET "/a\\\\b": The path "/a\\\\b" is not written as Drydock writes one.',
  ]);
  await passes('GET', '/_ping', '/_ping');
});

it('asks again whose a container is that the engine did not know any more', async () => {
  await gated.ask('POST', `/containers/${HELPER}/start`);
  gated.onRequest = (request, response) => {
    if (!request.url?.includes('/wait')) return false;
    response.writeHead(404).end('{"message":"No such container"}');
    return true;
  };
  await gated.ask('POST', `/containers/${HELPER}/wait?condition=removed`);
  gated.onRequest = () => false;
  gated.containers.delete(HELPER);
  gated.asked.length = 0;
  await refuses('POST', `/containers/${HELPER}/start`, /No such container/, undefined, 404);
});

it('leaves no connection to the engine behind', async () => {
  const closed: Promise<unknown>[] = [];
  gated.onRequest = (request) => {
    closed.push(once(request.socket, 'close'));
    return false;
  };
  await gated.ask('GET', '/version');
  await gated.ask('GET', `/containers/${MACHINE}/json`);
  gated.onRequest = () => false;
  await Promise.all(closed);
  assert.ok(closed.length >= 2);
});
