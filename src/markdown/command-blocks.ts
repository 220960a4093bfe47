import { definePlugin } from 'astro-expressive-code';
import { h } from 'astro-expressive-code/hast';
import { terminalName } from '../text/terminal-name.ts';
import { blockTexts } from './block-texts.ts';
import { terminalsOf } from './terminals-of.ts';

/** What a machine printed: shown quietly, attached to the command above it. */
const OUTPUT_LANGUAGES: ReadonlySet<string> = new Set(['text', 'txt', 'plaintext', 'console']);

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
        const title = codeBlock.metaOptions.getString('title');
        const isOutput = !terminal && !title && OUTPUT_LANGUAGES.has(codeBlock.language);
        const file = codeBlock.parentDocument?.sourceFilePath;
        const name = terminal && file ? terminalName(terminal, terminalsOf(file)) : terminal;
        const label = h('span', { class: 'fence-label' }, title ?? name ?? codeBlock.language);
        const run = h('button', { type: 'button', class: 'fence-run', dataRun: terminal }, text.run);
        const copy = h('button', { type: 'button', class: 'fence-copy', dataCopy: '' }, text.copy);
        renderData.blockAst = h(
          'figure',
          { class: `fence fence-${terminal ? 'command' : isOutput ? 'output' : 'file'}` },
          [h('figcaption', [...(isOutput ? [] : [label]), ...(terminal ? [run] : []), copy]), renderData.blockAst],
        );
      },
    },
  });
}
