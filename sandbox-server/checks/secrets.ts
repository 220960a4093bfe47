import { randomBytes } from 'node:crypto';
import type { LabMachine } from '../../labs/format/lab.ts';
import type { PersonalFile } from '../machines/driver.ts';

/** What differs from sandbox to sandbox: files to put into the machines, and the same contents for checks. */
export interface Secrets {
  readonly filesByRole: ReadonlyMap<string, readonly PersonalFile[]>;
  /** By secret id. */
  readonly contents: ReadonlyMap<string, string>;
}

const RANDOM_BYTES = 8;

export function makeSecrets(machines: readonly LabMachine[]): Secrets {
  const contents = new Map<string, string>();
  const filesByRole = new Map<string, readonly PersonalFile[]>();
  for (const machine of machines) {
    const files = machine.secrets.map(({ id, path, owner, mode, content }) => {
      const personal = content.replaceAll('{random}', () => randomBytes(RANDOM_BYTES).toString('hex'));
      contents.set(id, personal);
      return { path, owner, mode, content: personal };
    });
    filesByRole.set(machine.role, files);
  }
  return { filesByRole, contents };
}
