import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import expressiveCode from 'astro-expressive-code';
import { forAuthors } from './src/build/for-authors.ts';
import { precompress } from './src/build/precompress.ts';
import { codeBlockOptions } from './src/markdown/code-blocks.ts';

/** What `<ClientRouter />` loads. Vite does not see it before a page is open, and would then load that page again. */
const ROUTER_MODULES = ['router', 'types', 'events', 'swap-functions'].map(
  (name) => `astro/virtual-modules/transitions-${name}.js`,
);

const server = process.env.DRYDOCK_SERVER ?? 'http://127.0.0.1:4321';

export default defineConfig({
  integrations: [expressiveCode(codeBlockOptions), mdx(), precompress(), forAuthors()],
  devToolbar: { enabled: false },
  // Pages are small and come from this machine; the code for it is not worth its bytes.
  prefetch: false,
  build: { inlineStylesheets: 'never' },
  vite: {
    optimizeDeps: { include: ROUTER_MODULES },
    build: {
      assetsInlineLimit: 0,
      // Astro marks each module of content with a directive that it reads before anything is bundled; the bundler warns,
      // once per page and at length, that no such mark survives.
      rolldownOptions: { checks: { moduleLevelDirective: false } },
    },
    // `astro dev` serves the pages; machines come from the sandbox server beside it.
    server: {
      proxy: { '/api': { target: server }, '/ws': { target: server, ws: true }, '/author': { target: server } },
    },
  },
});
