import { basename, dirname } from 'node:path/posix';
import { closest } from './closest.ts';
import type { Lab } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import { codeOf, scriptPasses } from './script-answers.ts';

/** Slips of the hand that are commands of nobody's. A longer list would take `tail` for `fail`. */
const SLIPS: Readonly<Record<string, string>> = {
  ...{ fails: 'fail', failed: 'fail', fial: 'fail', faill: 'fail', passed: 'pass', passes: 'pass', pas: 'pass' },
};

/** What can be wrong with scripts whatever they say: names, line ends, helpers that there are not. */
export function verifyScripts(lab: Lab, folder: LabFolder): void {
  const wanted = wantedFiles(lab);
  const helpers = functionsOf(lab.kit);
  for (const file of folder.scriptFiles()) {
    if (!wanted.includes(file)) tellUnwanted(file, wanted, folder);
    const script = folder.read(file) ?? '';
    const carriage = script.indexOf('\r\n');
    if (carriage >= 0) {
      const message = 'This script has line ends of Windows, over which bash stumbles.';
      folder.wrongIn(file, carriage, {
        message,
        instead: `sed -i 's/\\r$//' ${folder.named(file)}   (a command, for all of them)`,
      });
    }
    if (!file.endsWith('setup.sh')) verifyHelpers(script, helpers, { file, folder });
    if (isJudge(file) && script.trim() !== '' && scriptPasses(script).length === 0)
      tellNeverPasses(file, script, folder);
  }
}

/** Of a check, or of a part of a verdict. */
const isJudge = (file: string): boolean =>
  file.startsWith('checks/') || (file.includes('/verdict/') && !file.endsWith('/proof.sh'));

function tellNeverPasses(file: string, script: string, folder: LabFolder): void {
  const last = script.trimEnd().lastIndexOf('\n') + 1;
  const message = 'This script never says that it holds: what its last command did would decide. End it with pass.';
  folder.wrongIn(file, last, { message, instead: `${script.slice(last).trimEnd()}\npass` });
}

function wantedFiles({ machines, steps, questions }: Lab): string[] {
  const setups = machines.length === 1 ? ['setup.sh'] : [];
  return [
    ...setups,
    ...machines.map(({ role }) => `machines/${role}/setup.sh`),
    ...steps.flatMap(({ checks }) => checks.map(({ id }) => `checks/${id}.sh`)),
    ...steps.flatMap(({ id: step, verdict }) => [
      ...(verdict?.parts ?? []).map(({ id }) => `steps/${step}/verdict/${id}.sh`),
      ...(verdict?.proof ? [`steps/${step}/verdict/proof.sh`] : []),
    ]),
    ...questions.map(({ id }) => `questions/${id}.sh`),
  ];
}

/** A file that is wanted and not there may be this one by another name. */
function tellUnwanted(file: string, wanted: readonly string[], folder: LabFolder): void {
  const lacking = wanted.filter((one) => folder.read(one) === undefined && isBeside(one, file));
  const meant = closest(file, lacking);
  const message = `Nothing in lab.yaml asks for this script, so it is never run.${meant ? ` Did you mean ${folder.named(meant)}?` : ''}`;
  const instead = meant ? `mv ${folder.named(file)} ${folder.named(meant)}   (a command)` : null;
  folder.wrongIn(file, 0, { message, instead });
}

/** In the same folder, or of the same name in a folder beside it. */
function isBeside(one: string, other: string): boolean {
  return dirname(one) === dirname(other) || basename(one) === basename(other);
}

/** A word where a command stands that is nearly one of the kit's. */
function verifyHelpers(
  script: string,
  helpers: readonly string[],
  { file, folder }: { file: string; folder: LabFolder },
): void {
  const known = [...helpers, ...functionsOf(script)];
  for (const match of codeOf(script).matchAll(
    /(?:^|[;&|(!{]|\b(?:then|else|do|if|while|until))[ \t]*([a-z][a-z0-9_-]*)(?=[ \t;)\n]|$)/gm,
  )) {
    const [all, word = ''] = match;
    const meant = helperMeant(word, known, helpers);
    if (meant === undefined) continue;
    const message = `There is no command "${word}". The kit has ${meant}.`;
    folder.wrongIn(file, match.index + all.length - word.length, { message, instead: meant });
  }
}

function helperMeant(word: string, known: readonly string[], helpers: readonly string[]): string | undefined {
  if (known.includes(word)) return undefined;
  const compound = helpers.filter((helper) => helper.includes('_'));
  return SLIPS[word] ?? (/[_-]/.test(word) ? closest(word, compound) : undefined);
}

function functionsOf(script: string): string[] {
  return [...script.matchAll(/^[ \t]*(?:function[ \t]+)?([a-z_][a-z0-9_]*)[ \t]*\(\)/gm)].map(([, name = '']) => name);
}
