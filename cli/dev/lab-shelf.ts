import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Lab } from '../../labs/format/lab.ts';
import { loadLab } from '../../labs/format/load-lab.ts';
import { labIds } from '../../labs/format/load-labs.ts';
import { LabFormatError, type Problem } from '../../labs/format/problem.ts';
import { scriptSyntaxProblems } from '../../labs/format/script-syntax.ts';

/** What reading a lab again has come to. */
export interface Revision {
  readonly id: string;
  readonly kind: 'new' | 'changed' | 'same' | 'gone' | 'wrong' | 'mended';
}

/** The labs in force while their files are being edited: of each the last form that was right. */
export class LabShelf {
  readonly #folder: string;
  readonly #labs = new Map<string, Lab>();
  readonly #problems = new Map<string, readonly Problem[]>();

  constructor(folder: string) {
    this.#folder = folder;
    for (const id of labIds(folder)) this.read(id);
  }

  /** Always the same map, which changes as labs are read. */
  get labs(): ReadonlyMap<string, Lab> {
    return this.#labs;
  }

  /** What is wrong with the files as they are now. */
  get problems(): readonly Problem[] {
    return [...this.#problems.keys()].sort().flatMap((id) => this.problemsOf(id));
  }

  problemsOf(id: string): readonly Problem[] {
    return this.#problems.get(id) ?? [];
  }

  /** Those that there are, and those that there were. */
  get ids(): readonly string[] {
    return [...new Set([...this.#labs.keys(), ...this.#problems.keys(), ...labIds(this.#folder)])].sort();
  }

  /** Reads one lab again. One that is wrong, or half written, takes nothing away from the one in force. */
  read(id: string): Revision {
    if (!labIds(this.#folder).includes(id)) {
      const wasKnown = this.#problems.delete(id);
      return { id, kind: this.#labs.delete(id) || wasKnown ? 'gone' : 'same' };
    }
    const before = this.#labs.get(id);
    const wasWrong = this.#problems.has(id);
    const lab = this.#load(id);
    if (lab === undefined) return { id, kind: 'wrong' };
    this.#problems.delete(id);
    if (isDeepStrictEqual(lab, before)) return { id, kind: wasWrong ? 'mended' : 'same' };
    this.#labs.set(id, lab);
    return { id, kind: before === undefined ? 'new' : 'changed' };
  }

  #load(id: string): Lab | undefined {
    try {
      const lab = loadLab(join(this.#folder, id));
      const problems = scriptSyntaxProblems(join(this.#folder, id));
      if (problems.length > 0) throw new LabFormatError(problems);
      return lab;
    } catch (cause) {
      const unreadable = { file: `labs/${id}`, line: 1, column: 1, text: null, message: String(cause), instead: null };
      this.#problems.set(id, cause instanceof LabFormatError ? cause.problems : [unreadable]);
      return undefined;
    }
  }
}
