import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Problem } from './problem.ts';
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

  read(file: string): string | undefined {
    const full = join(this.path, file);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  }

  /** The images a lab may name: those of the labs folder it lies in. */
  images(): string[] {
    const folder = join(dirname(this.path), 'images');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  /** The scripts in one of its folders, by name, without their ending. */
  scripts(folder: string): string[] {
    const full = join(this.path, folder);
    const files = existsSync(full) ? readdirSync(full).sort() : [];
    return files.filter((name) => name.endsWith('.sh')).map((name) => basename(name, '.sh'));
  }

  /** A script that the lab cannot do without; `path` is what asks for it. */
  script(file: string, path: Path): string {
    const text = this.read(file);
    if (text === undefined)
      this.wrong(path, `${path.join('.')} needs the script ${this.named(file)}, which does not exist.`);
    return text ?? '';
  }
}
