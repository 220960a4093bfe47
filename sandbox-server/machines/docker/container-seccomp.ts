import type { Accelerator } from '../qemu/accelerators.ts';
import type { Condition, Rule, Verdict } from '../qemu/seccomp.ts';
import { machinePolicy } from '../qemu/seccomp-policy.ts';
import type { Syscall } from '../qemu/syscalls.ts';

/** https://docs.docker.com/engine/security/seccomp/ */
interface ProfileRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly { index: number; op: string; value: number; valueTwo: number }[];
}

/** Calls that start programs, look after them, and move files: what mux, relay and store do beside the machine. */
const BESIDE_THE_MACHINE: readonly Syscall[] = [
  ...(['fork', 'vfork', 'connect', 'kill', 'tkill', 'pidfd_open', 'setsid', 'setpgid'] as const),
  ...(['setpriority', 'prctl', 'chdir', 'open', 'openat', 'truncate'] as const),
  ...([
    'mkdir',
    'mkdirat',
    'rmdir',
    'rename',
    'renameat',
    'renameat2',
    'link',
    'linkat',
    'symlink',
    'symlinkat',
  ] as const),
  ...(['chmod', 'fchmod', 'fchmodat', 'utimensat'] as const),
];
/** CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID, -NET. */
const NAMESPACE_FLAGS = 0x7e020000;
/** Copies a file by sharing it, where the file system can. */
const FICLONE = 0x40049409;
const ENOSYS = 38;

/**
 * The profile of a machine's container: the machine's own filter, which its mux loads for it as the local jail does, and
 * what the programs around it need. It is the wider of the two, so it only has to say what is allowed: whatever is not is
 * refused, with EPERM.
 */
export function containerProfile(accelerator: Accelerator): string {
  const { rules } = machinePolicy({ accelerator, createsFiles: true });
  const beside = new Set<string>(BESIDE_THE_MACHINE);
  const kept = rules.filter(({ call, verdict }) => !beside.has(call) && call !== 'clone' && verdict !== 'kill');
  const allowed = kept.filter(({ verdict }) => verdict === 'allow');
  const without = allowed.filter(({ when = [] }) => when.length === 0).map(({ call }) => call);
  const conditional = allowed.filter(({ when = [] }) => when.length > 0).map(toProfileRule);
  const killed = rules
    .filter(({ verdict, when = [] }) => verdict === 'kill' && when.length === 0)
    .map(({ call }) => call);
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: ['SCMP_ARCH_X86_64'],
    syscalls: [
      { names: [...new Set([...without, ...BESIDE_THE_MACHINE])], action: 'SCMP_ACT_ALLOW' },
      { names: killed, action: 'SCMP_ACT_KILL_PROCESS' },
      ...conditional,
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [masked(0, NAMESPACE_FLAGS, 0)] },
      { names: ['ioctl'], action: 'SCMP_ACT_ALLOW', args: [masked(1, ALL_BITS, FICLONE)] },
      // Its flags lie in memory, where no filter sees them. A libc that is told so uses clone.
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    ],
  });
}

const ALL_BITS = 0xffffffff;

const toProfileRule = ({ call, when = [], verdict }: Rule): ProfileRule => ({
  names: [call],
  action: toAction(verdict),
  args: when.map(toArgument),
});

const toAction = (verdict: Verdict): string => (verdict === 'allow' ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_KILL_PROCESS');

const toArgument = ({ argument, mask = ALL_BITS, value }: Condition) => masked(argument, mask, value);

/** Of the lower 32 bits, as the machine's own filter: the kernel ignores the others. */
const masked = (index: number, mask: number, value: number) => ({
  index,
  op: 'SCMP_CMP_MASKED_EQ',
  value: mask >>> 0,
  valueTwo: value >>> 0,
});
