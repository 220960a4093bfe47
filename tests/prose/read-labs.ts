import { globSync, readFileSync } from 'node:fs';
import { isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { type Language, plainOfLab, type Text } from './texts.ts';

/** Whatever a YAML file says in a language: `zh-cn: …` and `en: …` in every lab and in the terms. */
export function readLabTexts(): Text[] {
  return [...globSync(['labs/*/lab.yaml', 'cli/lab/skeleton/lab.yaml']).sort(), 'content/terms.yaml'].flatMap((file) =>
    textsOf(file, readFileSync(file, 'utf8')),
  );
}

export function textsOf(file: string, source: string): Text[] {
  const lines = new LineCounter();
  const texts: Text[] = [];
  visit(parseDocument(source, { lineCounter: lines }), {
    Pair: (_key, { key, value }) => {
      const name = isScalar(key) ? key.value : undefined;
      if ((name !== 'zh-cn' && name !== 'en') || !isScalar(value)) return;
      const { line } = lines.linePos(value.range?.[0] ?? 0);
      const language: Language = name;
      texts.push({ file, line, language, kind: 'lab', text: plainOfLab(String(value.value)) });
    },
  });
  return texts;
}
