import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import { SANDBOXES_AT_ONCE } from '../cli/lab/test.ts';
import { Tryout } from '../cli/lab/tryout.ts';
import { loadLab } from '../labs/format/load-lab.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import { CHAPTER_COMMANDS, CHAPTER_WARNING, type ChapterCommand } from './lessons/chapter-commands.ts';
import { linesOf, missingFrom, readLessons } from './lessons/fences.ts';

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
after(() => engine[Symbol.asyncDispose]());

const { signal } = new AbortController();
const DID_TIMEOUT_MS = 60_000;

/** Where the chapter's command that has just been typed must have done what it is for. */
async function proveChapterCommand(chapter: ChapterCommand, tryout: Tryout, output: string): Promise<void> {
  const { terminal, prints, asked, did } = chapter;
  if (prints) assert.match(output, prints);
  if (asked) assert.match((await tryout.type({ terminal, command: asked.line })).output, asked.prints);
  if (!did) return;
  const { status, stderr } = await tryout.runWithKit(did.machine, did.script, DID_TIMEOUT_MS);
  assert.equal(status, 0, stderr);
}

/** The chapter's commands of one lesson, each to be proven once, when the lesson's own test has typed it. */
class ChapterProofs {
  readonly #left: Set<ChapterCommand>;

  constructor(lesson: string) {
    this.#left = new Set(CHAPTER_COMMANDS.filter((command) => command.lesson === lesson));
  }

  async typed(line: { terminal: string; command: string }, output: string, tryout: Tryout, context: TestContext) {
    for (const chapter of this.#left) {
      const { terminal, command, doneAfter = command, section } = chapter;
      if (terminal !== line.terminal || doneAfter !== line.command) continue;
      this.#left.delete(chapter);
      await context.test(`${section} of the chapter, verbatim: ${command}`, () =>
        proveChapterCommand(chapter, tryout, output),
      );
    }
  }

  get untyped(): string[] {
    return [...this.#left].map(({ command }) => command);
  }
}

// The other language shows the same commands and outputs: fences.test.ts compares them.
const lessons = readLessons().filter(({ locale }) => locale === 'en');

// The longest begins first, so that the others have come to their end beside it.
describe('the lessons, two at a time', { concurrency: SANDBOXES_AT_ONCE }, () => {
  for (const lesson of lessons.sort((a, b) => b.claims.length - a.claims.length)) {
    const { id, lab: labId, claims } = lesson;
    if (labId === undefined) continue;
    const lab = loadLab(`labs/${labId}`);
    test(`the machine prints what the lesson ${id} says it prints`, async (context) => {
      await using tryout = await Tryout.start(lab, engine, { signal });
      const proofs = new ChapterProofs(id);
      for (const claim of claims) {
        let output = '';
        for (const line of linesOf(claim, lab)) {
          const typed = await tryout.type(line);
          output += typed.output;
          await proofs.typed(line, typed.output, tryout, context);
          if (id === CHAPTER_WARNING.lesson && line.command === CHAPTER_WARNING.line)
            assert.ok(typed.output.includes(CHAPTER_WARNING.argument), `it printed:\n${typed.output}`);
        }
        await context.test(`${claim.terminal}: ${claim.commands.join('; ')}`, () => {
          assert.deepEqual(missingFrom(output, claim.shown), [], `it printed:\n${output}`);
        });
      }
      assert.deepEqual(proofs.untyped, [], 'commands of the chapter that were not run');
    });
  }
});
