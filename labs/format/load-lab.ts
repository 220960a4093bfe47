import { dirname } from 'node:path';
import { readKit } from './kit.ts';
import type { Lab, LabMachine, LabStep } from './lab.ts';
import { placeFiles } from './lab-files.ts';
import { LabFolder } from './lab-folder.ts';
import { type LabFile, type LabFileStep, labFileSchema } from './lab-schema.ts';
import { assembleCheck, assembleVerdict, type Surroundings } from './load-asked.ts';
import { assembleLines } from './load-lines.ts';
import { assembleQuestion } from './load-question.ts';
import { assignAddresses, verifyNetwork } from './network.ts';
import { parseWithFriendlyErrors } from './parse.ts';
import { LabFormatError } from './problem.ts';
import { verifyReferences } from './references.ts';

/**
 * A lab from its folder, for instance labs/docker-group. Reads synchronously: a handful of small files, once, when a
 * server or a build starts. Throws LabFormatError with everything that is wrong.
 */
export function loadLab(path: string): Lab {
  const folder = new LabFolder(path);
  const text = folder.read('lab.yaml');
  const file = folder.named('lab.yaml');
  if (text === undefined) {
    const message = 'This file does not exist. `npm run lab -- new <id>` writes one to start from.';
    throw new LabFormatError([{ file, line: 1, column: 1, text: null, message, instead: null }]);
  }
  const { value, source } = parseWithFriendlyErrors(labFileSchema, { file, text });
  folder.describedBy(source);
  const lab = assemble(value, folder);
  verifyReferences(lab, folder);
  if (folder.problems.length > 0) throw new LabFormatError(folder.problems);
  return lab;
}

function assemble(file: LabFile, folder: LabFolder): Lab {
  const roles = Object.keys(file.machines);
  const written = Object.entries(file.machines).map(([role, { address }]) => ({ role, ...(address && { address }) }));
  const addresses = assignAddresses(written);
  const machines = roles.map((role) => machine(role, file, { folder, address: addresses.get(role) }));
  verifyNetwork(written, machines, folder);
  return {
    id: folder.id,
    image: file.image,
    title: file.title,
    machines,
    steps: Object.entries(file.steps).map(([id, step]) => assembleStep(id, step, { folder, roles })),
    questions: Object.entries(file.questions).map(([id, question]) =>
      assembleQuestion(id, question, { folder, roles }),
    ),
    ...(file.map && { mapAfter: file.map.after }),
    kit: readKit(dirname(folder.path)),
  };
}

function machine(
  role: string,
  file: LabFile,
  { folder, address }: { folder: LabFolder; address: string | undefined },
): LabMachine {
  const { hostname, terminals, secrets } = file.machines[role] as LabFile['machines'][string];
  const only = Object.keys(file.machines).length === 1;
  const place = only && folder.read('setup.sh') !== undefined ? '' : `machines/${role}/`;
  return {
    role,
    hostname,
    ...(address && { address }),
    setup: placeFiles(folder, `${place}files`) + folder.script(`${place}setup.sh`, ['machines', role]),
    terminals: Object.entries(terminals).map(([id, user]) => ({ id, user })),
    secrets: Object.entries(secrets).map(([id, secret]) => ({ id, ...secret, mode: Number.parseInt(secret.mode, 8) })),
  };
}

function assembleStep(id: string, step: LabFileStep, surroundings: Surroundings): LabStep {
  const { kind, title, instruction, optional, hints } = step;
  const mutants = Object.entries(step.mutants);
  return {
    ...{ id, kind, title, instruction, optional, hints },
    checks: Object.keys(step.checks).map((check) => assembleCheck(check, { id, step }, surroundings)),
    verdict: assembleVerdict({ id, step }, surroundings),
    solution: assembleLines(step.solution),
    mutants: mutants.map(([mutant, { caughtBy, message, ...rest }]) => {
      return { id: mutant, lines: assembleLines(rest.lines), caughtBy, message };
    }),
  };
}
