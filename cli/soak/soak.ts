import type { SpareServer } from '../serve/spare-server.ts';
import type { Sample } from './growth.ts';
import { commandOf, holdingsOf, processesOf } from './holdings.ts';
import { visit } from './visit.ts';

/** Attempts that nobody looks at are forgotten at once, so that what is left is a leak. */
export const SOAK_SETTINGS = { QUEUE_GRACE_SECONDS: '1', CHECK_TIMEOUT_SECONDS: '1' };

export interface SoakOptions {
  readonly server: SpareServer;
  readonly lab: string;
  readonly terminal: string;
  /** Learners at once. */
  readonly learners: number;
  /** Visits between two samples. */
  readonly visitsPerSample: number;
  readonly random?: () => number;
  /** Asked after each sample. */
  readonly isOver: (samples: readonly Sample[]) => boolean;
  readonly onSample?: (sample: Sample) => void;
}

/** Opens, uses and closes sandboxes round after round, and looks at the server whenever none is left. */
export async function soak(options: SoakOptions): Promise<Sample[]> {
  const { server, isOver, onSample } = options;
  const samples: Sample[] = [];
  let sandboxes = 0;
  do {
    sandboxes += await round(options);
    // A place is free when the machines that had it are gone.
    while ((await server.figure('drydock_sandboxes_admitted')) > 0);
    const sample = { sandboxes, ...(await holdingsOf(server)) };
    samples.push(sample);
    onSample?.(sample);
  } while (!isOver(samples));
  return samples;
}

async function round({ server, lab, terminal, learners, visitsPerSample, random = Math.random }: SoakOptions) {
  const kill = () => killOneOf(server, random);
  let left = visitsPerSample;
  let sandboxes = 0;
  const learn = async () => {
    while (left > 0) {
      left -= 1;
      const taken = await visit({ origin: server.origin, lab, terminal, kill, random });
      sandboxes += taken;
    }
  };
  await Promise.all(Array.from({ length: learners }, learn));
  return sandboxes;
}

/** kill -9, as the host does when memory runs short. Pretended machines have no process: nothing is killed. */
function killOneOf(server: SpareServer, random: () => number): void {
  const machines = processesOf(server).filter((pid) => /^\S*qemu-system-/.test(commandOf(pid)));
  const victim = machines[Math.floor(random() * machines.length)];
  if (victim !== undefined) process.kill(victim, 'SIGKILL');
}
