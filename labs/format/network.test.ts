import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { GOOD_LAB, writeLab } from './lab-fixture.ts';
import { loadLab } from './load-lab.ts';

/** The line that is wrong, as mistakes.test.ts has it. */
const SHOWN_LINE = /\n {2,4}\d+ \| .*/g;

let labs: string;
beforeEach(() => {
  labs = mkdtempSync(join(tmpdir(), 'labs-'));
});
afterEach(() => rmSync(labs, { recursive: true }));

const ATTACKER = `  attacker:
    hostname: kali
    terminals: { mallory: mallory }
steps:
  look:`;
const TWO_MACHINES = GOOD_LAB.replace('steps:\n  look:', ATTACKER).replace(
  'kind: goal',
  'kind: goal\n        machine: host',
);
const SETUPS = Object.fromEntries(['host', 'attacker'].map((role) => [`try/machines/${role}/setup.sh`, 'true\n']));

function load(text: string, files: Record<string, string> = SETUPS) {
  const folder = writeLab(labs, { 'try/lab.yaml': text, ...files });
  if ('try/machines/host/setup.sh' in files) rmSync(join(folder, 'setup.sh'));
  return loadLab(folder);
}

const addressesOf = (text: string) => load(text).machines.map(({ role, address }) => [role, address]);

test('two machines have addresses in one network, which the lab may choose', () => {
  assert.deepEqual(addressesOf(TWO_MACHINES), [
    ['host', '10.0.0.10'],
    ['attacker', '10.0.0.20'],
  ]);
  const elsewhere = TWO_MACHINES.replace('hostname: kali', 'hostname: kali\n    address: 10.5.6.66');
  assert.deepEqual(addressesOf(elsewhere), [
    ['host', '10.5.6.10'],
    ['attacker', '10.5.6.66'],
  ]);
});

interface Refused {
  readonly title: string;
  readonly written: readonly [string, string];
  readonly says: string;
  readonly host?: string;
  readonly files?: Record<string, string>;
}

for (const { title, written, says, host = 'hostname: dock', files = SETUPS } of [
  {
    title: 'an address that could be anywhere',
    written: ['hostname: dock', 'hostname: dock\n    address: 8.8.8.8'],
    says: `labs/try/lab.yaml:6:5
  machines.host.address must be text like "10.0.0.10", and is "8.8.8.8".
  Write instead:
      address: 10.0.0.10`,
  },
  {
    title: 'a second network',
    written: ['hostname: kali', 'hostname: kali\n    address: 10.0.9.7'],
    host: 'hostname: dock\n    address: 10.0.0.1',
    says: `labs/try/lab.yaml:12:5
  10.0.9.7 is not in the network of host, 10.0.0.0/24.
  Write instead:
      address: 10.0.0.7`,
  },
  {
    title: 'one address twice',
    written: ['hostname: kali', 'hostname: kali\n    address: 10.0.0.10'],
    says: `labs/try/lab.yaml:11:5
  Two machines have the address 10.0.0.10.`,
  },
  {
    title: "a machine with another one's name",
    written: ['hostname: kali', 'hostname: host'],
    says: `labs/try/lab.yaml:10:5
  Two machines would be called "host": each is known by its role and by its host name.`,
  },
  {
    title: 'a third machine',
    files: { ...SETUPS, 'try/machines/third/setup.sh': '' },
    written: ['steps:\n  look:', '  third:\n    hostname: three\n    terminals: { eve: eve }\nsteps:\n  look:'],
    says: `labs/try/lab.yaml:12:3
  A lab has at most 2 machines: their network is one cable. It has 3.`,
  },
] as readonly Refused[]) {
  test(`${title} is refused where it stands`, () => {
    const [good, text] = written;
    const lab = TWO_MACHINES.replace('hostname: dock', host);
    assert.ok(lab.includes(good));
    assert.throws(
      () => load(lab.replace(good, text), files),
      ({ message }: Error) => message.replace(SHOWN_LINE, '') === says || assert.fail(message),
    );
  });
}

test('a machine that is alone has no network, and so no address', () => {
  assert.equal(load(GOOD_LAB, {}).machines[0]?.address, undefined);
  assert.throws(() => load(GOOD_LAB.replace('hostname: dock', 'hostname: dock\n    address: 10.0.0.1'), {}), {
    message: `labs/try/lab.yaml:6:5
  host has an address, but nobody to talk to: a machine that is alone has no network. Leave it out.
    6 |     address: 10.0.0.1`,
  });
});
