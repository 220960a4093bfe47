import { definePlugin } from 'astro-expressive-code';
import { h } from 'astro-expressive-code/hast';
import { blockTexts } from './block-texts.ts';

/**
 * Gives every code fence a Copy button, and one with `run=<terminal id>` in its meta a Run button and the name of that
 * terminal. The buttons carry no script: the page delegates on `document` (client/page/code-buttons.ts).
 */
export function commandBlocks() {
  return definePlugin({
    name: 'drydock-command-blocks',
    hooks: {
      postprocessRenderedBlock({ codeBlock, renderData }) {
        const text = blockTexts(codeBlock.locale);
        const terminal = codeBlock.metaOptions.getString('run');
        const label = codeBlock.metaOptions.getString('title') ?? terminal;
        const run = h('button', { type: 'button', class: 'code-run', dataRun: terminal }, text.run);
        const copy = h('button', { type: 'button', class: 'code-copy', dataCopy: '' }, text.copy);
        renderData.blockAst = h('figure', { class: terminal ? 'code code-command' : 'code' }, [
          h('figcaption', [
            h('span', { class: 'code-label' }, label ?? codeBlock.language),
            ...(terminal ? [run] : []),
            copy,
          ]),
          renderData.blockAst,
        ]);
      },
    },
  });
}
