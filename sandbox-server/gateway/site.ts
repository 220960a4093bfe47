import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { learnerError } from '../errors.ts';

/** Astro puts a hash of the content into these names, so they never change. */
const IMMUTABLE_FOLDER = '/_astro/';
const YEAR_S = 365 * 24 * 60 * 60;

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Drydock</title>' +
  '<p>The site is not built yet. <code>npm start</code> builds it; the server then has to be started again.</p>' +
  '<p lang="zh-CN">网站尚未构建。请运行 <code>npm start</code>。</p>';

/** The built site: clean URLs, files compressed at build time, a page of its own for what is not there. */
export async function addSite(app: FastifyInstance, siteFolder: string): Promise<void> {
  const isBuilt = existsSync(join(siteFolder, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: siteFolder,
      redirect: true,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isImmutable = path.includes(IMMUTABLE_FOLDER);
        reply.header('cache-control', isImmutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method !== 'GET' || request.url.startsWith('/api/')) {
      return reply.code(404).send({ error: learnerError('bad-request') });
    }
    const page = isBuilt ? await notFoundPage(siteFolder, request.url) : NOT_BUILT;
    return reply
      .code(isBuilt ? 404 : 503)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(page);
  });
}

/** In the language of the address; Astro writes the default language's to /404.html. */
async function notFoundPage(siteFolder: string, url: string): Promise<string> {
  const candidates = url.startsWith('/en/') ? ['en/404.html', 'en/404/index.html', '404.html'] : ['404.html'];
  const found = candidates.map((name) => join(siteFolder, name)).find((file) => existsSync(file));
  return found === undefined ? '404' : readFile(found, 'utf8');
}
