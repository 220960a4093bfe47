import { type Document, isCollection, isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from './problem.ts';
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
    return this.document.errors.map((error) => ({
      ...this.#at(error.pos[0]),
      ...describeSyntax(error, this.#lineAround(error.pos[0])),
    }));
  }

  /** A problem of the value at `path`, or of the nearest thing around it that was written down. */
  problem(path: Path, { message, instead }: Pick<Problem, 'message' | 'instead'>): Problem {
    return { ...this.#at(this.#offset(path)), message, instead };
  }

  #lineAround(offset: number): string {
    const start = this.#text.lastIndexOf('\n', offset - 1) + 1;
    const end = this.#text.indexOf('\n', start);
    return this.#text.slice(start, end === -1 ? undefined : end);
  }

  #at(offset: number) {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
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
