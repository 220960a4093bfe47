import { loadLabs } from '../../labs/format/load-labs.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { LABS_FOLDER } from '../lab/find-lab.ts';
import type { Progress } from '../progress/progress.mjs';
import { openMachines } from '../serve/open-machines.ts';
import { ONE_FAILED, ONE_PASSED, type Tally } from './tally.ts';

/** So that the minutes of a first run are shown as what they are, and no test's deadline runs meanwhile. */
export async function prepareMachines(progress: Progress): Promise<Tally> {
  try {
    const config = readConfig(process.env);
    const { signal } = new AbortController();
    await using _machines = await openMachines(loadLabs(LABS_FOLDER).values(), { config, progress, signal });
    return ONE_PASSED;
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : cause);
    return ONE_FAILED;
  }
}
