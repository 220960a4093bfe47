import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { AstroIntegration } from 'astro';

const COMPRESSIBLE = /\.(html|css|js|svg|json|txt|xml)$/;

/** Writes .br and .gz beside every text file of the built site; the server sends them as they are. */
export function precompress(): AstroIntegration {
  return {
    name: 'drydock-precompress',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const files = (await readdir(folder, { recursive: true })).filter((file) => COMPRESSIBLE.test(file));
        for (const file of files) await compress(join(folder, file));
      },
    },
  };
}

async function compress(file: string): Promise<void> {
  const plain = await readFile(file);
  const [brotli, gzipped] = await Promise.all([promisify(brotliCompress)(plain), promisify(gzip)(plain, { level: 9 })]);
  await Promise.all([writeFile(`${file}.br`, brotli), writeFile(`${file}.gz`, gzipped)]);
}
