import type { Duplex } from 'node:stream';
import type { Container } from 'dockerode';
import { RELAY } from './container-commands.ts';
import { statusOf } from './explain-container-error.ts';
import { DemuxedExec } from './mux/demux-exec.ts';
import { MachineGoneError } from './mux/mux-link.ts';

/** No such container; it does not run. */
const GONE = new Set([404, 409]);

/** A connection to the mux in a container: a program started there, whose input and output the engine hands on. */
export async function openRelay(container: Container): Promise<Duplex> {
  try {
    const exec = await container.exec({ Cmd: [...RELAY], AttachStdin: true, AttachStdout: true, AttachStderr: true });
    return new DemuxedExec(await exec.start({ hijack: true, stdin: true }));
  } catch (cause) {
    if (GONE.has(statusOf(cause) ?? 0)) throw new MachineGoneError('its container is gone');
    throw cause;
  }
}
