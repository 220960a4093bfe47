import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import ts from 'typescript';
import { ANYTHING, type Language, plainOfLab, type Text } from './texts.ts';

/** Files that are in one language as a whole say so in their names. */
const IN_ONE_LANGUAGE = ['src/locale/*-{en,zh-cn}.ts', 'src/client/strings/{*-,}{en,zh-cn}.ts'];
/** Here each text stands under the name of its language. */
const IN_BOTH = '{src,sandbox-server,protocol}/**/*.ts';
const NOT_SHOWN = ['**/*.test.ts', 'sandbox-server/testing/**'];

/** What the pages, the machine panel and the server say. */
export function readStringTexts(): Text[] {
  const inOne = globSync(IN_ONE_LANGUAGE).sort();
  const inBoth = globSync(IN_BOTH, { exclude: NOT_SHOWN }).sort();
  return [
    ...inOne.flatMap((file) => textsOf(file, languageOf(file))),
    ...inBoth.filter((file) => !inOne.includes(file)).flatMap((file) => textsOf(file)),
  ];
}

function languageOf(file: string): Language {
  return basename(file).endsWith('zh-cn.ts') ? 'zh-cn' : 'en';
}

function textsOf(file: string, whole?: Language): Text[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: Text[] = [];
  const look = (node: ts.Node, language: Language | undefined): void => {
    if (ts.isImportDeclaration(node)) return;
    const text = language && saidBy(node);
    if (language && text) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      texts.push({ file, line: line + 1, language, kind: 'string', text: plainOfLab(text) });
    }
    const inside = ts.isPropertyAssignment(node) ? (whole ?? named(node.name)) : undefined;
    if (ts.isPropertyAssignment(node)) look(node.initializer, inside ?? language);
    else ts.forEachChild(node, (child) => look(child, language));
  };
  look(source, whole);
  return texts;
}

function named(name: ts.PropertyName): Language | undefined {
  const text = ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : '';
  return text === 'zh-cn' || text === 'en' ? text : undefined;
}

function saidBy(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => ANYTHING + literal.text).join('');
}
