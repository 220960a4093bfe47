import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { USER } from './base.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');

interface Service {
  readonly [option: string]: unknown;
  readonly volumes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const { services, volumes } = parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<'gate' | 'drydock', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { gate, drydock } = services;

/** Of `${NAME:-default}:more` what is left whatever the variable is. */
const withoutVariables = (text: string) => text.replaceAll(/\$\{[^}]*\}:/g, '');

test('only the gate has the engine’s socket, and only it has no network', () => {
  assert.deepEqual(Object.keys(services), ['gate', 'drydock']);
  const hostPaths = (service: Service) => service.volumes.filter((mount) => !(mount.split(':')[0]! in volumes));
  assert.deepEqual(hostPaths(gate).map(withoutVariables), ['/run/engine/docker.sock']);
  assert.deepEqual(hostPaths(drydock), []);
  assert.equal(gate.network_mode, 'none');
  assert.equal(gate.ports, undefined);
});

test('what they share is the gate’s socket', () => {
  const named = ({ volumes }: Service) => volumes.map((mount) => mount.split(':')[0]);
  assert.deepEqual(
    named(gate).filter((name) => named(drydock).includes(name)),
    ['gate'],
  );
  assert.equal(drydock.environment.DOCKER_HOST, `unix://${gate.environment.GATE_SOCKET}`);
  assert.equal(drydock.environment.ACCELERATOR, gate.environment.GATE_ACCELERATOR);
  assert.equal(drydock.environment.MACHINE_MEMORY_MIB, gate.environment.MACHINE_MEMORY_MIB);
});

test('neither has a right that it does not need', () => {
  for (const service of Object.values(services)) {
    assert.equal(service.read_only, true);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.deepEqual(service.security_opt, ['no-new-privileges']);
    assert.ok(Number(service.pids_limit) > 0);
    for (const option of [
      'privileged',
      'cap_add',
      'devices',
      'pid',
      'ipc',
      'userns_mode',
      'volumes_from',
      'cgroup_parent',
    ]) {
      assert.equal(service[option], undefined, option);
    }
  }
});

test('learners reach this computer’s own address only, until somebody puts a proxy before it', () => {
  assert.deepEqual((drydock.ports as string[]).map(withoutVariables), ['127.0.0.1:4321']);
});

test('the server is nobody on the host, and belongs to the group of the gate’s socket', () => {
  const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
  assert.match(dockerfile, new RegExp(`^USER ${USER}:${USER}$`, 'm'));
  assert.equal(drydock.user, undefined);
  assert.equal(gate.user, `0:${USER}`);
});

test('the gate is told its image by the image of its own, which "npm run deploy" builds', () => {
  const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
  assert.match(dockerfile, /^ARG RUNNER\nENV GATE_RUNNER=\$\{RUNNER\}$/m);
  assert.equal(gate.environment.GATE_RUNNER, undefined, 'compose does not say another');
  const deploy = readFileSync(join(import.meta.dirname, '../deploy.ts'), 'utf8');
  assert.match(deploy, /'--build-arg', `RUNNER=\$\{runner\}`/);
});

test('what a service says does not fill the disk', () => {
  for (const { logging } of Object.values(services)) {
    assert.deepEqual(logging, { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } });
  }
});
