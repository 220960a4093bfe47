import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';
import type { Engine } from './rehearsal.ts';

/** Says on standard error what is being made, so that standard output stays the command's own. */
export async function openEngine(signal: AbortSignal): Promise<Engine & AsyncDisposable> {
  const { machineMemoryMib } = readConfig(process.env);
  return openLocalMachines({
    env: process.env,
    memoryMib: machineMemoryMib,
    accelerator: 'auto',
    onPrepare: (stage, name) => {
      process.stderr.write(`Preparing ${stage} ${name} (once)\n`);
      return { report: () => {}, end: () => process.stderr.write(`Prepared ${stage} ${name}\n`) };
    },
    signal,
  });
}
