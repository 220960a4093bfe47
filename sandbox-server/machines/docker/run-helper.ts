import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MountSettings } from 'dockerode';
import { machineLimits } from '../qemu/limits.ts';
import { HELPER_MEMORY_MIB, UNBOUNDED_FILE_BYTES } from './container-sizes.ts';
import type { DockerDriverOptions } from './docker-context.ts';
import { DemuxedExec } from './mux/demux-exec.ts';
import { createContainer, removeContainer, startContainer } from './run-container.ts';

type Needed = Pick<DockerDriverOptions, 'engine' | 'runner' | 'owner' | 'accelerator' | 'groups'> & {
  readonly processors: number;
};

export interface Helper {
  readonly command: readonly string[];
  readonly mounts: readonly MountSettings[];
  readonly input?: Readable;
}

/** Root in its container, without a capability: what it makes belongs to root, and machines cannot write it. */
const ROOT = 0;

/** Runs a program of the runner's image to its end; resolves to what it printed. */
export async function runHelper(context: Needed, { command, mounts, input }: Helper): Promise<string> {
  const limits = machineLimits({
    ...{ accelerator: context.accelerator, memoryMib: HELPER_MEMORY_MIB, maxFileBytes: UNBOUNDED_FILE_BYTES },
  });
  const container = await createContainer(context, {
    ...{ kind: 'helper', command, accelerator: context.accelerator, user: ROOT, mounts, limits, stdin: true },
  });
  const attached = await container
    .attach({ hijack: true, stream: true, stdin: true, stdout: true, stderr: true })
    .catch(async (cause: unknown) => {
      // One that was never started is not removed at its end.
      await removeContainer(container).catch(() => {});
      throw cause;
    });
  const program = new DemuxedExec(attached as never);
  const ended: Promise<{ StatusCode: number }> = container.wait({ condition: 'removed' });
  ended.catch(() => {});
  let printed = '';
  program.on('data', (data: Buffer) => {
    printed += data.toString('utf8');
  });
  program.on('error', () => {});
  await startContainer(context, container);
  const sent = input ? pipeline(input, program, { end: true }) : Promise.resolve(program.end());
  // A program that fails does not read to the end; why it failed is the better reason.
  const failure = await Promise.race([
    sent.then(
      () => undefined,
      (cause: Error) => cause,
    ),
    ended.then(() => undefined),
  ]);
  const { StatusCode: status } = await ended;
  if (status !== 0) throw new Error(program.said.trim() || `${command.join(' ')} ended with ${status}`);
  if (failure) throw failure;
  return printed;
}
