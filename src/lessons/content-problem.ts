/** The site cannot be built from these files. Says where, what is wrong and what to write instead. */
export class ContentProblem extends Error {
  override readonly name = 'ContentProblem';

  constructor({ file, problem, fix }: { file: string; problem: string; fix: string }) {
    super(`${file}: ${problem}\n  → ${fix}`);
  }
}
