import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { closest } from './closest.ts';
import { lineAt } from './line-at.ts';
import type { Problem, Told } from './problem.ts';
import { describeSyntax } from './syntax.ts';

export type Path = readonly (string | number)[];

/** A YAML file that remembers where each of its values was written. */
export class YamlSource {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly #text: string;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
    this.document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** What is wrong with the YAML itself, whatever it says. */
  syntaxProblems(): Problem[] {
    const told = [...this.document.errors, ...this.document.warnings].map((error) => {
      const { offset, ...described } = describeSyntax(error, this.#text);
      return { ...this.#at(offset), ...described };
    });
    // After the first one the parser has lost its way.
    return told.length > 0 ? told.slice(0, 1) : this.#aliases();
  }

  /** To YAML a text that starts with an asterisk means something written elsewhere. */
  #aliases(): Problem[] {
    const problems: Problem[] = [];
    const anchors = anchorsOf(this.#text);
    visit(this.document, {
      Alias: (_key, { source, range }) => {
        if (anchors.includes(source)) return;
        const meant = closest(source, anchors);
        const message = `"*${source}" refers to what is marked "&${source}", and nothing is. A text that starts with * stands in quotes.`;
        problems.push({ ...this.#at(range?.[0] ?? 0), message, instead: meant ? `*${meant}` : `'*${source}'` });
      },
    });
    return problems;
  }

  /** A problem of the value at `path`, or of the nearest thing around it that was written down. */
  problem(path: Path, told: Told): Problem {
    return { ...this.#at(this.#offset(path)), ...told };
  }

  #at(offset: number) {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), text: lineAt(this.#text, offset) };
  }

  /** Where the key of `path` starts: what a person looks for when told the name of a field. */
  #offset(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = this.document.getIn(path.slice(0, length - 1), true);
      const start = isCollection(parent) ? childStart(parent, path[length - 1]) : undefined;
      if (start !== undefined) return start;
    }
    return this.document.contents?.range[0] ?? 0;
  }
}

function childStart(parent: Node, key: string | number | undefined): number | undefined {
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  if (!isCollection(parent) || typeof key !== 'number') return undefined;
  const item = parent.items[key];
  return isPair(item) ? undefined : (item as Node | undefined)?.range?.[0];
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s:])&([\w-]+)(?=\s)/gm)].map(([, name = '']) => name);
}
