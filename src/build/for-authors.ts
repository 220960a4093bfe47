import { basename, relative, resolve, sep } from 'node:path';
import type { AstroIntegration } from 'astro';
import type { ViteDevServer } from 'vite';
import { loadPublicLab } from '../../labs/format/public-lab.ts';

/**
 * In `npm run dev` and nowhere else: a page shows what its lab says now, and the author's panel. A lab that is wrong
 * stays on it as it was before.
 */
export function forAuthors(): AstroIntegration {
  return {
    name: 'drydock:for-authors',
    hooks: {
      'astro:config:setup': ({ command, injectScript, updateConfig }) => {
        if (command !== 'dev') return;
        injectScript('page', "import '/src/client/author/author-panel.ts';");
        updateConfig({ vite: { plugins: [{ name: 'drydock:reload-labs', configureServer: watch }] } });
      },
    },
  };
}

const LABS_FOLDER = resolve('labs');
/** Of these a page shows something; scripts are the server's. */
const SHOWN = ['lab.yaml'];

function watch(server: ViteDevServer): void {
  const shown = new Map<string, string>();
  server.watcher.on('all', (_event, path) => {
    const [lab = '', ...rest] = relative(LABS_FOLDER, path).split(sep);
    if (lab === '..' || rest.length !== 1 || !SHOWN.includes(basename(path))) return;
    const now = whatPagesShow(lab);
    if (now === undefined || now === shown.get(lab)) return;
    shown.set(lab, now);
    // Astro forgets the props of its pages at this word of its own content layer; there is no public one.
    server.environments.ssr?.hot.send('astro:content-changed', {});
    server.environments.client?.hot.send({ type: 'full-reload' });
  });
}

/** Undefined while there is something wrong with it: the server says what, in the terminal and in the author's panel. */
function whatPagesShow(lab: string): string | undefined {
  try {
    return JSON.stringify(loadPublicLab(lab));
  } catch {
    return undefined;
  }
}
