import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { startTestServer } from '../testing/test-server.ts';
import { hashesIn } from './inline-scripts.ts';

const siteFolder = mkdtempSync(join(tmpdir(), 'drydock-site-'));
after(() => rmSync(siteFolder, { recursive: true }));

const SCRIPT = 'document.documentElement.dataset.theme = "dark";';
const LESSON = `<!doctype html><script>${SCRIPT}</script><script src="/_astro/a.js"></script><p>${'lesson '.repeat(99)}`;

function put(path: string, content: string): void {
  const file = join(siteFolder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

put('index.html', '<!doctype html><h1>首页</h1>');
put('404.html', '<h1>没有这一页</h1>');
put('en/404/index.html', '<h1>No such page</h1>');
put('en/lesson/index.html', LESSON);
put('_astro/a.js', 'export {}');
writeFileSync(join(siteFolder, 'en/lesson/index.html.br'), brotliCompressSync(LESSON));

/** fetch tidies a path up before it sends it; an attacker does not. */
async function getExactly(port: number, path: string) {
  const sent = request({ host: '127.0.0.1', port, path }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, text: (await response.setEncoding('utf8').toArray()).join('') };
}

describe('the site', () => {
  it('has clean addresses, with one spelling each', async () => {
    await using server = await startTestServer({ siteFolder });
    const lesson = await fetch(`${server.origin}/en/lesson/`);
    assert.deepEqual([lesson.status, await lesson.text()], [200, LESSON]);
    const bare = await fetch(`${server.origin}/en/lesson?x=1`, { redirect: 'manual' });
    assert.deepEqual([bare.status, bare.headers.get('location')], [301, '/en/lesson/?x=1']);
  });

  it('sends what was compressed when it was built', async () => {
    await using server = await startTestServer({ siteFolder });
    const response = await fetch(`${server.origin}/en/lesson/`, { headers: { 'accept-encoding': 'br' } });
    assert.equal(response.headers.get('content-encoding'), 'br');
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal(await response.text(), LESSON);
    const plain = await fetch(`${server.origin}/en/lesson/`, { headers: { 'accept-encoding': 'identity' } });
    assert.equal(plain.headers.get('content-encoding'), null);
  });

  it('lets browsers keep for ever only what has a hash in its name', async () => {
    await using server = await startTestServer({ siteFolder });
    const cacheOf = async (path: string) => (await fetch(server.origin + path)).headers.get('cache-control');
    assert.equal(await cacheOf('/_astro/a.js'), 'public, max-age=31536000, immutable');
    assert.equal(await cacheOf('/en/lesson/'), 'no-cache');
    assert.equal(await cacheOf('/nothing/'), 'no-cache');
  });

  it('says in the language of the address that there is no such page', async () => {
    await using server = await startTestServer({ siteFolder });
    const at = async (path: string) => {
      const response = await fetch(server.origin + path);
      return [response.status, await response.text()];
    };
    assert.deepEqual(await at('/nothing/'), [404, '<h1>没有这一页</h1>']);
    assert.deepEqual(await at('/en/nothing/'), [404, '<h1>No such page</h1>']);
    assert.deepEqual((await at('/api/nothing'))[0], 404);
  });

  it('hands out nothing from outside its folder', async () => {
    await using server = await startTestServer({ siteFolder: join(siteFolder, 'en/lesson') });
    for (const path of [
      '/../../index.html',
      '/%2e%2e/%2e%2e/index.html',
      '/..%2f..%2findex.html',
      '/x/../../../index.html',
    ]) {
      const { status, text } = await getExactly(server.port, path);
      assert.match(String(status), /^4\d\d$/, path);
      assert.doesNotMatch(text, /首页/);
    }
  });

  it('runs only its own scripts: those with an address of its own, and those built into its pages', async () => {
    await using server = await startTestServer({ siteFolder });
    const { headers } = await fetch(`${server.origin}/`);
    const hash = createHash('sha256').update(SCRIPT).digest('base64');
    assert.equal(
      headers.get('content-security-policy'),
      [
        "default-src 'self'",
        `script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'`,
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ].join(';'),
    );
    assert.equal(headers.get('strict-transport-security'), null);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  it('that is not built yet says so', async () => {
    await using server = await startTestServer();
    const response = await fetch(`${server.origin}/`);
    assert.equal(response.status, 503);
    assert.match(await response.text(), /<code>npm start<\/code> builds it/);
  });
});

describe('inline scripts', () => {
  it('are hashed as the browser does, whatever their attributes; those with a source are not', () => {
    const hash = (code: string) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
    const html = `<script type="module" data-x="a > b">one()</script><SCRIPT>\ntwo()\n</SCRIPT>
      <script src="/x.js"></script><script data-src-of="y">three()</script><style>four</style>`;
    assert.deepEqual(hashesIn(html), [hash('one()'), hash('\ntwo()\n'), hash('three()')]);
  });
});
