import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { debianMirror } from './apt-mirror.ts';

describe('the mirror that apt uses', () => {
  let etc: string;
  const put = async (name: string, text: string) => {
    await mkdir(dirname(join(etc, name)), { recursive: true });
    await writeFile(join(etc, name), text);
  };
  const debian = 'ID=debian\nVERSION_CODENAME=bookworm\n';

  beforeEach(async () => {
    etc = await mkdtemp(join(tmpdir(), 'drydock-apt-'));
  });
  afterEach(() => rm(etc, { recursive: true }));

  it('is found in a stanza', async () => {
    await put('os-release', debian);
    await put(
      'apt/sources.list.d/debian.sources',
      'Types: deb\n# a comment\nURIs: http://mirror.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\n',
    );
    assert.equal(await debianMirror(etc), 'http://mirror.test/debian');
  });

  it('is found in a line with options', async () => {
    await put('os-release', debian);
    await put('apt/sources.list', 'deb [arch=amd64] http://mirror.test/d bookworm main\n');
    assert.equal(await debianMirror(etc), 'http://mirror.test/d');
  });

  it('is not taken from a disabled stanza, another suite or another product', async () => {
    await put('os-release', debian);
    await put('apt/sources.list', '# deb http://commented.test/d bookworm main\ndeb http://other.test/d stable main\n');
    await put(
      'apt/sources.list.d/off.sources',
      'Enabled: no\nTypes: deb\nURIs: http://off.test/debian\nSuites: bookworm\n\nTypes: deb\nURIs: http://sec.test\nSuites: bookworm-security\n',
    );
    assert.equal(await debianMirror(etc), null);
  });

  it('is left to mmdebstrap on a system that is not Debian', async () => {
    await put('os-release', 'ID=ubuntu\nVERSION_CODENAME=noble\n');
    await put('apt/sources.list', 'deb http://mirror.test/ubuntu noble main\n');
    assert.equal(await debianMirror(etc), null);
  });
});
