import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isEditorsOwn } from './editor-files.ts';
import { loadImage } from './image.ts';
import { lineAt } from './line-at.ts';
import type { Problem, Told } from './problem.ts';
import type { Path, YamlSource } from './source.ts';

/** The files of one lab, and what turned out to be wrong with them. */
export class LabFolder {
  readonly id: string;
  readonly path: string;
  readonly problems: Problem[] = [];
  #source: YamlSource | undefined;

  constructor(path: string) {
    this.path = resolve(path);
    this.id = basename(this.path);
  }

  /** How messages call a file of this lab, wherever the repository lies. */
  named(file: string): string {
    return `labs/${this.id}/${file}`;
  }

  /** Problems found from here on are problems of this file's values. */
  describedBy(source: YamlSource): void {
    this.#source = source;
  }

  wrong(path: Path, message: string, instead: string | null = null): void {
    if (this.#source) this.problems.push(this.#source.problem(path, { message, instead }));
  }

  /** As `wrong`, of something that is not there: it is missing at `path`. */
  missing(path: Path, message: string, instead: string): void {
    if (this.#source) this.problems.push(this.#source.problem(path, { message, instead, isMissing: true }));
  }

  /** A problem in a script, at an offset of it. */
  wrongIn(file: string, offset: number, told: Told): void {
    const text = this.read(file) ?? '';
    const before = text.slice(0, offset).split('\n');
    const place = { file: this.named(file), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    this.problems.push({ ...place, text: lineAt(text, offset), ...told });
  }

  read(file: string): string | undefined {
    const full = join(this.path, file);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  }

  /** The images a lab may name: those of the labs folder it lies in. */
  images(): string[] {
    const folder = join(dirname(this.path), 'images');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  /** All that is written of an image; undefined where that is too little to tell what is in it. */
  imageFiles(image: string): string | undefined {
    const images = join(dirname(this.path), 'images');
    if (!existsSync(join(images, image, 'image.yaml'))) return undefined;
    const { folders } = loadImage(images, image);
    const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    if (!files.some((file) => file.endsWith('.sh'))) return undefined;
    return files
      .filter((file) => /\.(sh|yaml)$/.test(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
  }

  /** Every script of the lab, wherever it lies, but for what is placed in machines. */
  scriptFiles(): string[] {
    const found = readdirSync(this.path, { recursive: true, encoding: 'utf8' }).map((file) =>
      file.split(sep).join('/'),
    );
    const isPlaced = (file: string) => /^(machines\/[^/]+\/)?files\//.test(file);
    return found.filter((file) => file.endsWith('.sh') && !isPlaced(file) && !isEditorsOwn(basename(file))).sort();
  }

  /** A script that the lab cannot do without; `path` is what asks for it. */
  script(file: string, path: Path): string {
    const text = this.read(file);
    if (text === undefined)
      this.wrong(path, `${path.join('.')} needs the script ${this.named(file)}, which does not exist.`);
    return text ?? '';
  }
}
