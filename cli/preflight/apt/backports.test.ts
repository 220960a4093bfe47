import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveBackports } from './backports.mjs';

const HEADER = '# Written by Drydock: QEMU 8.2 or newer.\n';

const DEB822 = `Types: deb deb-src
# a comment between fields
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;

function derive(path: string, content: string) {
  return deriveBackports([{ path, content }], 'bookworm');
}

test('a deb822 entry gives backports the same place and key', () => {
  assert.deepEqual(derive('debian.sources', DEB822), {
    state: 'missing',
    content: `${HEADER}Types: deb
URIs: http://mirror.example/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`,
  });
});

test('a one-line entry gives backports the same place and options', () => {
  const line = 'deb [arch=amd64,i386 signed-by=/k.gpg] https://mirror.example/debian/ bookworm main # own mirror\n';
  assert.deepEqual(derive('sources.list', line), {
    state: 'missing',
    content: `${HEADER}Types: deb
URIs: https://mirror.example/debian/
Suites: bookworm-backports
Components: main
Architectures: amd64 i386
Signed-By: /k.gpg
`,
  });
});

test('a key written into the entry itself is carried along', () => {
  const key = 'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n';
  const result = derive('a.sources', `Types: deb\nURIs: http://m.example/\nSuites: bookworm\nComponents: main\n${key}`);
  assert.equal(result.state, 'missing');
  assert.match(
    (result as { content: string }).content,
    /Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n \.\n mQINBF\n$/,
  );
});

test('backports that are already there are used, in either format', () => {
  assert.deepEqual(derive('x.sources', DEB822.replace('bookworm-updates', 'bookworm-backports')), { state: 'present' });
  assert.deepEqual(derive('x.list', 'deb http://m.example/ bookworm-backports main'), { state: 'present' });
});

test('entries that are switched off do not count', () => {
  assert.deepEqual(
    derive('x.list', '# deb http://m.example/ bookworm-backports main\ndeb-src http://m.example/ bookworm main'),
    {
      state: 'underivable',
    },
  );
  assert.deepEqual(derive('x.sources', `Enabled: no\n${DEB822.split('\n\n')[0]}`), { state: 'underivable' });
});

test('without an entry for the release nothing is made up', () => {
  assert.deepEqual(derive('x.list', 'deb http://m.example/ubuntu noble main'), { state: 'underivable' });
});
