import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { loadImage } from './image.ts';

let images: string;
beforeEach(() => {
  images = mkdtempSync(join(tmpdir(), 'images-'));
  write('debian-docker', 'suite: trixie\npins: { docker.io: 26.1.5 }\npackages: [docker.io, curl]\n');
});
afterEach(() => rmSync(images, { recursive: true }));

function write(image: string, text: string): void {
  mkdirSync(join(images, image), { recursive: true });
  writeFileSync(join(images, image, 'image.yaml'), text);
}

test('an image has all that the image it is from has, and what it adds', () => {
  write('scanner', 'from: debian-docker\npackages: [nmap, curl]\n');
  write('scanner-with-tcpdump', 'from: scanner\npackages: [tcpdump]\npins: { tcpdump: "4.99" }\n');
  assert.deepEqual(loadImage(images, 'scanner-with-tcpdump'), {
    image: 'scanner-with-tcpdump',
    folders: ['debian-docker', 'scanner', 'scanner-with-tcpdump'].map((name) => join(images, name)),
    suite: 'trixie',
    pins: { 'docker.io': '26.1.5', tcpdump: '4.99' },
    packages: ['docker.io', 'curl', 'nmap', 'tcpdump'],
  });
});

for (const { mistake, text, told } of [
  {
    mistake: 'an image that there is not',
    text: 'from: debian-doker\n',
    told: `labs/images/own/image.yaml:1:1
  There is no image labs/images/debian-doker.
    1 | from: debian-doker
  Write instead:
      from: debian-docker`,
  },
  {
    mistake: 'an image from itself',
    text: 'packages: [nmap]\nfrom: own\n',
    told: `labs/images/own/image.yaml:2:1
  own would be from itself.
    2 | from: own
  Write instead:
      from: debian-docker`,
  },
  {
    mistake: 'an image from nothing',
    text: 'packages: [nmap]\n',
    told: `labs/images/own/image.yaml:1:1
  An image needs "from", or a "suite" of Debian.
    1 | packages: [nmap]
  Write instead:
      from: debian-docker`,
  },
  {
    mistake: 'a suite of its own',
    text: 'from: debian-docker\nsuite: sid\n',
    told: `labs/images/own/image.yaml:2:1
  The suite is that of debian-docker. Leave this line out.
    2 | suite: sid`,
  },
  {
    mistake: 'a field that there is not',
    text: 'from: debian-docker\npackage: [nmap]\n',
    told: `labs/images/own/image.yaml:2:1
  The image has no field "package". Did you mean "packages"?
    2 | package: [nmap]
  Write instead:
      packages:
        - nmap`,
  },
  {
    mistake: 'a package that could be none',
    text: 'from: debian-docker\npackages: [Nmap!]\n',
    told: `labs/images/own/image.yaml:2:12
  packages.0 must be text like "nmap", and is "Nmap!".
    2 | packages: [Nmap!]
  Write instead:
      - nmap`,
  },
]) {
  test(`${mistake} is named with its place and its line`, () => {
    write('own', text);
    assert.throws(() => loadImage(images, 'own'), { name: 'LabFormatError', message: told });
  });
}

test('a circle of images is refused', () => {
  write('one', 'from: two\n');
  write('two', 'from: one\n');
  assert.throws(() => loadImage(images, 'one'), {
    message: /^labs\/images\/two\/image\.yaml:1:1\n {2}two would be from itself\./,
  });
});
