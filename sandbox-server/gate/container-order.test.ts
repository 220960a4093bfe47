import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, beforeEach, describe, it } from 'node:test';
import { STORE } from '../machines/docker/container-commands.ts';
import { FILES_VOLUME, LABELS } from '../machines/docker/docker-context.ts';
import { CABLE_MEMORY } from '../machines/docker/shared-cable.ts';
import { CABLE, cableOf, driverOrder, FILES, IMAGE, SERVER } from '../testing/driver-orders.ts';
import { GatedEngine } from '../testing/gated-engine.ts';

const gated = await GatedEngine.open();
after(() => gated[Symbol.asyncDispose]());
beforeEach(() => {
  gated.asked.length = 0;
  gated.containers.clear();
  gated.volumes.clear();
  gated.volumes.set(FILES_VOLUME, FILES).set(CABLE, cableOf('drydock'));
});

const create = (body: unknown, query = '') => gated.ask('POST', `/v1.41/containers/create${query}`, body);
const created = () => gated.asked.filter(({ what }) => what.startsWith('POST'));
/** A copy with one place changed. */
function changed(body: object, path: readonly (string | number)[], value: unknown): any {
  const copy = structuredClone(body) as any;
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce((place, name) => place[name], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

async function refuses(body: unknown, why: RegExp, query = ''): Promise<void> {
  const { status, body: said } = await create(body, query);
  assert.equal(status, 403, JSON.stringify(said));
  assert.match(said.message, why);
  assert.deepEqual(created(), []);
  assert.match(gated.logged.at(-1) ?? '', why, 'it is logged');
}

const ORDERS = {
  machine: driverOrder('machine'),
  'machine with a cable': driverOrder('machine', { hasCable: true }),
  'machine on hardware': driverOrder('machine', { accelerator: 'kvm' }),
  draft: driverOrder('draft'),
  helper: driverOrder('helper'),
  'helper of an engine with hardware': driverOrder('helper', { accelerator: 'kvm' }),
  probe: driverOrder('probe'),
};

for (const [name, order] of Object.entries(ORDERS)) {
  it(`makes a ${name} as the driver asks, labelled as the gate's`, async () => {
    const { status, body } = await create(order);
    assert.equal(status, 201, JSON.stringify(body));
    const sent = JSON.parse(created()[0]?.body ?? '');
    assert.equal(sent.Labels[LABELS.owner], 'drydock');
    assert.deepEqual(JSON.parse(JSON.stringify(sent).replaceAll('"drydock"', `"${SERVER}"`)), order);
  });

  it(`makes no ${name} of which anything is different but what the driver chooses`, async () => {
    const chosen = /^(Cmd\.\d+|User|Labels\.drydock\.\w+|HostConfig\.(AutoRemove|Memory|NanoCpus|GroupAdd\.0))$/;
    const places = leaves(order).filter((path) => !chosen.test(path.join('.')));
    assert.ok(places.length > 30);
    for (const path of places) {
      const where = path.join('.');
      const was = path.reduce<any>((place, name) => place[name], order);
      const other = typeof was === 'boolean' ? !was : typeof was === 'number' ? was + 1 : `${was}x`;
      for (const value of [other, undefined]) {
        const { status } = await create(changed(order, path, value));
        assert.equal(status, 403, `${where} = ${value}`);
      }
    }
    assert.deepEqual(created(), []);
  });
}

/** Every path to something that is no object. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

const machine = ORDERS.machine as any;
const inHost = (fields: object) => ({ ...machine, HostConfig: { ...machine.HostConfig, ...fields } });
const bind = { Type: 'bind', Source: '/', Target: '/host' };

const ATTACKS: Readonly<Record<string, [unknown, RegExp]>> = {
  'a privileged container': [inHost({ Privileged: true }), /HostConfig\.Privileged is true, and .* nothing/],
  'a folder of the host (Binds)': [inHost({ Binds: ['/:/host'] }), /HostConfig\.Binds is \["\/:\/host"\]/],
  'a folder of the host (Mounts)': [inHost({ Mounts: [...machine.HostConfig.Mounts, bind] }), /Mounts\.2 is/],
  'a folder of the host instead of its disk': [inHost({ Mounts: [machine.HostConfig.Mounts[0], bind] }), /Mounts\.1/],
  'the engine’s socket': [inHost({ Binds: ['/var/run/docker.sock:/s'] }), /HostConfig\.Binds/],
  'a volume that is a folder of the host': [
    changed(machine, ['HostConfig', 'Mounts', 1, 'VolumeOptions', 'DriverConfig'], {
      Name: 'local',
      Options: { type: 'none', o: 'bind', device: '/' },
    }),
    /Mounts\.1\.VolumeOptions\.DriverConfig\.Name is "local"/,
  ],
  'somebody’s volume': [
    changed(machine, ['HostConfig', 'Mounts', 1, 'Source'], 'database'),
    /Mounts\.1\.Source is "database"/,
  ],
  'volumes of another container': [inHost({ VolumesFrom: ['db'] }), /VolumesFrom/],
  'anonymous volumes by the side': [{ ...machine, Volumes: { '/x': {} } }, /Volumes/],
  'the store to be written by a machine': [
    changed(machine, ['HostConfig', 'Mounts', 0, 'ReadOnly'], false),
    /ReadOnly is false/,
  ],
  'another device': [
    inHost({ Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/kvm', CgroupPermissions: 'rwm' }] }),
    /Devices\.0\.PathOnHost|Memory|SecurityOpt/,
  ],
  'another device beside the right one': [
    changed(ORDERS['machine on hardware'], ['HostConfig', 'Devices', 1], {
      ...{ PathOnHost: '/dev/mem', PathInContainer: '/dev/mem', CgroupPermissions: 'rw' },
    }),
    /Devices\.1/,
  ],
  'devices by a request': [inHost({ DeviceRequests: [{ Count: -1 }] }), /DeviceRequests/],
  'devices by a rule': [inHost({ DeviceCgroupRules: ['a *:* rwm'] }), /DeviceCgroupRules/],
  'the host’s processes': [inHost({ PidMode: 'host' }), /PidMode/],
  'the host’s network': [inHost({ NetworkMode: 'host' }), /NetworkMode is "host"/],
  'the network of another': [inHost({ NetworkMode: 'container:db' }), /NetworkMode/],
  'the host’s IPC': [inHost({ IpcMode: 'host' }), /IpcMode/],
  'the host’s users': [inHost({ UsernsMode: 'host' }), /UsernsMode/],
  'the host’s names': [inHost({ UTSMode: 'host' }), /UTSMode/],
  'the host’s control groups': [inHost({ CgroupnsMode: 'host' }), /CgroupnsMode/],
  'a parent of control groups': [inHost({ CgroupParent: '/' }), /CgroupParent/],
  'kernel parameters': [inHost({ Sysctls: { 'kernel.core_pattern': '|/x' } }), /Sysctls/],
  'another runtime': [inHost({ Runtime: 'other' }), /Runtime/],
  'a capability': [inHost({ CapAdd: ['SYS_ADMIN'] }), /CapAdd/],
  'the usual capabilities': [inHost({ CapDrop: [] }), /CapDrop\.0 is nothing/],
  'a root that can be written': [inHost({ ReadonlyRootfs: false }), /ReadonlyRootfs is false/],
  'no filter': [
    inHost({ SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] }),
    /SecurityOpt\.1 is "seccomp=unconfined"/,
  ],
  'new privileges': [inHost({ SecurityOpt: [machine.HostConfig.SecurityOpt[1]] }), /SecurityOpt/],
  'a label for SELinux': [
    inHost({ SecurityOpt: [...machine.HostConfig.SecurityOpt, 'label=disable'] }),
    /SecurityOpt\.2/,
  ],
  'unmasked paths': [inHost({ MaskedPaths: [] }), /MaskedPaths/],
  'writable paths of the kernel': [inHost({ ReadonlyPaths: [] }), /ReadonlyPaths/],
  'memory without a limit': [inHost({ Memory: 0 }), /HostConfig\.Memory/],
  'memory below nothing': [inHost({ Memory: -1 }), /HostConfig\.Memory/],
  'more memory than a machine has': [
    inHost({ Memory: machine.HostConfig.Memory * 2, MemorySwap: machine.HostConfig.Memory * 2 }),
    /a machine has 2048 MiB at most/,
  ],
  'less than a processor': [inHost({ NanoCpus: 5e8 }), /less than a processor/],
  'processors without a limit': [inHost({ NanoCpus: 0 }), /HostConfig\.NanoCpus/],
  'more processors': [inHost({ NanoCpus: 4e9 }), /NanoCpus is 4000000000, and .* 2000000000/],
  'processes without a limit': [inHost({ PidsLimit: -1 }), /PidsLimit is -1/],
  'no killing when memory is short': [inHost({ OomKillDisable: true }), /OomKillDisable/],
  'a log of the host': [inHost({ LogConfig: { Type: 'syslog', Config: {} } }), /LogConfig\.Type/],
  'a restart for ever': [inHost({ RestartPolicy: { Name: 'always' } }), /RestartPolicy/],
  'a port of the host': [inHost({ PortBindings: { '80/tcp': [{ HostPort: '80' }] } }), /PortBindings/],
  'a network by the side': [{ ...machine, NetworkingConfig: { EndpointsConfig: { bridge: {} } } }, /NetworkingConfig/],
  'a field in another case': [{ ...machine, hostconfig: { Privileged: true } }, /hostconfig/],
  'a field of another case inside': [inHost({ privileged: true }), /HostConfig\.privileged is true/],
  'another image': [
    { ...machine, Image: 'debian:12' },
    /Image is "debian:12", and the gate knows only drydock-runner:0123456789abcdef/,
  ],
  'an image by digest of another': [{ ...machine, Image: `sha256:${'a'.repeat(64)}` }, /Image is "sha256/],
  'a runner of another version': [{ ...machine, Image: 'drydock-runner:fedcba9876543210' }, /knows only/],
  'an entry point': [{ ...machine, Entrypoint: ['sh'] }, /Entrypoint/],
  'another program': [{ ...machine, Cmd: ['sh', '-c', 'id'] }, /no program of a machine's/],
  'a helper’s program as a machine': [{ ...machine, Cmd: driverOrder('helper').Cmd }, /no program of a machine's/],
  'another program as a helper': [driverOrder('helper', { command: ['perl', '-e', '1'] }), /no program of a helper's/],
  'another program as a probe': [driverOrder('probe', { command: ['perl', '-e', '1'] }), /no program of a probe's/],
  'root in a machine': [{ ...machine, User: '0:0' }, /no machine has/],
  'a person of the host': [{ ...machine, User: '1000:1000' }, /no machine has/],
  'a group of the host': [{ ...machine, User: '1900000007:0' }, /User: is no user and group of the same number/],
  'a group by name': [
    changed(ORDERS['machine on hardware'], ['HostConfig', 'GroupAdd'], ['docker']),
    /is no number of a group/,
  ],
  'two groups': [changed(ORDERS['machine on hardware'], ['HostConfig', 'GroupAdd'], ['104', '999']), /GroupAdd/],
  'groups without a device': [inHost({ GroupAdd: ['999'] }), /GroupAdd is \["999"\]/],
  'a health check': [{ ...machine, Healthcheck: { Test: ['CMD', 'x'] } }, /Healthcheck/],
  'no labels': [{ ...machine, Labels: {} }, /Labels/],
  'a kind that there is not': [changed(machine, ['Labels', LABELS.kind], 'pet'), /Labels\.drydock\.kind/],
  'an owner of another shape': [changed(machine, ['Labels', LABELS.owner], 'me'), /names no owner/],
  'a label more': [changed(machine, ['Labels', 'traefik.enable'], 'true'), /Labels\.traefik\.enable/],
  'a variable more': [{ ...machine, Env: [...machine.Env, 'LD_PRELOAD=/x'] }, /Env\.3/],
  'a prototype of its own': ['{"__proto__":{"Image":"x"},"HostConfig":{}}', /Image/],
};

describe('a helper', () => {
  const digest = '0123456789abcdef'.repeat(2);
  const orders: Readonly<Record<string, readonly string[]>> = {
    'what is there': ['list'],
    'one folder more': ['put', digest],
    'the usual days and nothing used': ['sweep', '30'],
    'the usual days and what is used': ['sweep', '30', digest, 'abc'],
  };
  const asked = (words: readonly string[]) => driverOrder('helper', { command: [...STORE, ...words] });
  for (const [what, words] of Object.entries(orders)) {
    it(`has in its command ${what}`, async () => assert.equal((await create(asked(words))).status, 201));
  }

  const others: Readonly<Record<string, readonly string[]>> = {
    'no order': [],
    'an order of a draft’s': ['pack', '/files', 'memory'],
    'words after a list': ['list', digest],
    'nothing to be put': ['put'],
    'two to be put': ['put', digest, digest],
    'a folder elsewhere': ['put', '../etc'],
    'a folder by its path': ['put', `/files/${digest}`],
    'a folder in another case': ['put', 'ABC'],
    'a line more': ['put', `${digest}\n`],
    'fewer days': ['sweep', '0', digest],
    'no days': ['sweep'],
    'days below nothing': ['sweep', '-1'],
    'days in another writing': ['sweep', '30.0'],
    'something used that is no folder': ['sweep', '30', '../x'],
  };
  for (const [what, words] of Object.entries(others)) {
    it(`has in its command not ${what}`, () => refuses(asked(words), /no program of a helper's/));
  }
});

describe('no container has', () => {
  for (const [what, [body, why]] of Object.entries(ATTACKS)) it(what, () => refuses(body, why));
});

it('makes what was looked at, where a key stands twice in a body', async () => {
  const text = JSON.stringify(machine);
  const twice = text.replace('"HostConfig":', '"HostConfig":{"Privileged":true,"Binds":["/:/host"]},"HostConfig":');
  assert.equal((await create(twice)).status, 201);
  assert.doesNotMatch(created()[0]?.body ?? '', /Privileged|Binds/);
  gated.asked.length = 0;
  await refuses(text.replace(/\}$/, ',"HostConfig":{"Privileged":true}}'), /HostConfig/);
});

it('gives no names and no platforms, and hands on nothing of a query', async () => {
  await refuses(machine, /nothing called "name"/, '?name=x');
  await refuses(machine, /nothing called "platform"/, '?platform=x');
  await refuses({ ...machine, name: 'x' }, /no names/, '?name=x');
  assert.equal((await create(machine, `?Image=${IMAGE}&HostConfig=%7B%22Privileged%22%3Atrue%7D`)).status, 201);
  assert.equal(created()[0]?.what, 'POST /v1.41/containers/create');
});

it('mounts only volumes that are what the driver makes', async () => {
  const withCable = ORDERS['machine with a cable'];
  const refused = async (name: string, volume: object | undefined, why: RegExp, status = 403) => {
    if (volume) gated.volumes.set(name, volume);
    else gated.volumes.delete(name);
    const answer = await create(withCable);
    assert.equal(answer.status, status);
    assert.match(answer.body.message, why);
    assert.deepEqual(created(), []);
  };
  await refused(CABLE, cableOf('another'), /was not made by Drydock/);
  await refused(
    CABLE,
    { ...cableOf('drydock'), Options: { type: 'none', o: 'bind', device: '/' } },
    /another than the driver makes/,
  );
  await refused(CABLE, { ...cableOf('drydock'), Driver: 'nfs' }, /Driver is "nfs"/);
  const disguised = { ...cableOf('drydock'), Driver: 'nfs', Options: { ...CABLE_MEMORY, Driver: 'local' } };
  await refused(CABLE, disguised, /Driver is "nfs"/);
  await refused(CABLE, undefined, /No such volume/, 404);
  gated.volumes.set(CABLE, cableOf('drydock'));
  await refused(
    FILES_VOLUME,
    { ...FILES, Options: { type: 'none', o: 'bind', device: '/' } },
    /another than the driver makes/,
  );
  await refused(FILES_VOLUME, { ...FILES, Labels: null }, /was not made by Drydock/);
  await refused(FILES_VOLUME, undefined, /No such volume/, 404);
});

it('takes no cable whose name is not one', () =>
  refuses(
    changed(ORDERS['machine with a cable'], ['HostConfig', 'Mounts', 2, 'Source'], 'database'),
    /"database" is no cable/,
  ));

it('gives no container the device of a host unless it was told that it may', async () => {
  await using emulating = await GatedEngine.open({ accelerator: 'tcg' });
  emulating.volumes.set(FILES_VOLUME, FILES);
  const ask = (order: unknown) => emulating.ask('POST', '/containers/create', order);
  for (const name of ['machine on hardware', 'probe'] as const) {
    const { status, body } = await ask(ORDERS[name]);
    assert.equal(status, 403, name);
    assert.match(body.message, /GATE_ACCELERATOR is tcg\. Set it to kvm, or ACCELERATOR of the server to tcg/);
  }
  assert.equal((await ask(ORDERS.machine)).status, 201);
});

it('makes no more containers than it may, one after another or at once', async () => {
  await using small = await GatedEngine.open({ maxContainers: 3 });
  small.volumes.set(FILES_VOLUME, FILES);
  const make = () => small.ask('POST', '/containers/create', driverOrder('helper'));
  for (let count = 0; count < 2; count += 1) assert.equal((await make()).status, 201);
  const statuses = (await Promise.all(Array.from({ length: 8 }, make))).map(({ status }) => status);
  assert.ok(small.containers.size <= 3, statuses.join(' '));
  while (small.containers.size < 3) assert.equal((await make()).status, 201);
  const { status, body } = await make();
  assert.equal(status, 429);
  assert.equal(body.message, 'Refused by the gate: There are 3 containers, and GATE_MAX_CONTAINERS is 3.');
});

it('counts those, too, whose client has left before the engine had made them', async () => {
  await using small = await GatedEngine.open({ maxContainers: 3 });
  small.volumes.set(FILES_VOLUME, FILES);
  let made = 0;
  const finish: (() => void)[] = [];
  let onAsked = () => {};
  // An engine makes what it was asked for, whether somebody waits or not.
  small.onRequest = (request, response) => {
    if (!request.url?.endsWith('/containers/create')) return false;
    finish.push(() => {
      made += 1;
      const id = String(made).padStart(64, '0');
      small.containers.set(id, {});
      response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ Id: id }));
    });
    onAsked();
    return true;
  };
  const body = JSON.stringify(driverOrder('helper'));
  const leaving = async () => {
    const isAsked = new Promise<void>((resolve) => {
      onAsked = resolve;
    });
    const asked = request({ socketPath: small.socket, method: 'POST', path: '/containers/create', agent: false });
    asked.on('error', () => {}).end(body);
    await isAsked;
    asked.destroy();
    await new Promise((resolve) => asked.once('close', resolve));
  };
  await leaving();
  const next = Array.from({ length: 6 }, () => small.ask('POST', '/containers/create', body));
  // All of them wait for the one that nobody waits for.
  await small.ask('GET', '/_ping');
  assert.equal(finish.length, 1);
  onAsked = () => finish.at(-1)?.();
  finish[0]?.();
  const statuses = (await Promise.all(next)).map(({ status }) => status);
  assert.deepEqual(statuses.toSorted(), [201, 201, 429, 429, 429, 429]);
  assert.equal(small.containers.size, 3);
});
