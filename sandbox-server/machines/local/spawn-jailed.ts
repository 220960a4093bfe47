import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { assemble, type Policy } from '../qemu/seccomp.ts';
import { machinePolicy } from '../qemu/seccomp-policy.ts';
import { type JailSpec, jailed } from './jail.ts';

/** As spawn's: what the process gets as its first descriptors. */
type Stdio = readonly ('ignore' | 'pipe')[];

export interface SpawnJailedOptions {
  readonly jail: Omit<JailSpec, 'filterFd'>;
  /** Whether it may make files: see seccomp-policy.ts. */
  readonly createsFiles: boolean;
  /** Another policy than that of machines, to see what the rest of the jail holds. */
  readonly policy?: Policy;
  readonly stdio: Stdio;
}

/** Starts a program in a jail, as a session of its own. The filter comes through a pipe behind the `stdio` given. */
export function spawnJailed(
  command: readonly string[],
  { jail, createsFiles, policy, stdio }: SpawnJailedOptions,
): ChildProcess {
  const filterFd = stdio.length;
  const [program = '', ...args] = jailed(command, { ...jail, filterFd });
  const child = spawn(program, args, { stdio: [...stdio, 'pipe'], cwd: '/', detached: true });
  const filter = child.stdio[filterFd] as Writable | undefined;
  filter?.on('error', () => {}); // Whoever does not read it does not start either.
  filter?.end(assemble(policy ?? machinePolicy({ accelerator: jail.accelerator, createsFiles })));
  return child;
}
