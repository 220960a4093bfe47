import { constants } from 'node:os';
import type { Accelerator } from './accelerators.ts';
import type { Condition, Policy, Rule, Verdict } from './seccomp.ts';
import type { Syscall } from './syscalls.ts';

export interface PolicyOptions {
  readonly accelerator: Accelerator;
  /** Whether files may be made: a machine that will be frozen writes its device state, others have all they need. */
  readonly createsFiles: boolean;
}

const { EPERM, EINVAL, ENOTTY, ENOSYS } = constants.errno;

/**
 * What a machine's process may ask the kernel for. docs/decisions/seccomp-filter.md says how the lists were found and
 * why what is unknown is ENOSYS and not the end: another QEMU or libc asks for something else and does without.
 */
export function machinePolicy({ accelerator, createsFiles }: PolicyOptions): Policy {
  return {
    rules: [
      ...rules(ALLOWED, 'allow'),
      ...rules(HOSTILE, 'kill'),
      ...threadsOnly(),
      ...localStreamsOnly(),
      ...existingFilesOnly(createsFiles),
      ...ioctls(accelerator),
      ...PRCTLS.map((value) => allowIf('prctl', { argument: 0, value })),
      { call: 'prctl', verdict: EINVAL },
      ...rules(['connect', 'io_uring_setup', 'memfd_create', 'userfaultfd'], EPERM),
    ],
    otherwise: ENOSYS,
  };
}

const names = (text: string): readonly Syscall[] => text.trim().split(/\s+/) as Syscall[];
const rules = (calls: readonly Syscall[], verdict: Verdict): Rule[] => calls.map((call) => ({ call, verdict }));
const allowIf = (call: Syscall, ...when: Condition[]): Rule => ({ call, when, verdict: 'allow' });

/** Files that are open or there, memory, threads, time, signals, what one process may know of itself. */
const ALLOWED = names(`
  read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range dup dup2 dup3 fcntl flock
  fstat stat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getdents64 getcwd fchdir
  unlink unlinkat ftruncate fallocate fsync fdatasync sync_file_range fadvise64 copy_file_range
  poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
  eventfd2 pipe2 timerfd_create timerfd_settime timerfd_gettime signalfd4
  mmap munmap mprotect mremap madvise brk msync mincore set_mempolicy get_mempolicy
  futex futex_waitv set_robust_list get_robust_list rseq membarrier set_tid_address arch_prctl sched_yield sched_getaffinity
  rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack tgkill restart_syscall
  nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
  timer_create timer_settime timer_gettime timer_getoverrun timer_delete setitimer getitimer alarm
  getpid gettid getppid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp getsid getpgid
  capget uname sysinfo getrlimit prlimit64 getrusage getrandom getcpu umask
  bind listen accept accept4 getsockname getpeername getsockopt setsockopt shutdown
  sendmsg recvmsg sendto recvfrom sendmmsg recvmmsg
  execve wait4 waitid exit exit_group seccomp
`);

/**
 * Nothing that a QEMU or a library does on its way: whoever asks for these has taken the process over, and learns no
 * more than that once.
 */
const HOSTILE = names(`
  ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
  mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr unshare setns
  bpf perf_event_open keyctl add_key request_key
  init_module finit_module delete_module create_module kexec_load kexec_file_load reboot swapon swapoff acct
  quotactl quotactl_fd iopl ioperm modify_ldt open_by_handle_at name_to_handle_at fanotify_init
  settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname syslog vhangup
`);

/** CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, and none of CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID, -NET. */
const THREAD_FLAGS = 0x00010900;
const NAMESPACE_FLAGS = 0x7e020000;

/** clone3 keeps its flags in memory, where no filter sees them: it stays unknown (ENOSYS), and libc falls back. */
function threadsOnly(): Rule[] {
  return [
    allowIf('clone', { argument: 0, mask: (THREAD_FLAGS | NAMESPACE_FLAGS) >>> 0, value: THREAD_FLAGS }),
    ...rules(['clone', 'fork', 'vfork'], EPERM),
  ];
}

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_TYPE_MASK = 0xf;

/** Listening and accepting only: there is no connect. Datagrams could be sent to an address without it. */
function localStreamsOnly(): Rule[] {
  const local: Condition = { argument: 0, value: AF_UNIX };
  const stream: Condition = { argument: 1, mask: SOCK_TYPE_MASK, value: SOCK_STREAM };
  return [
    allowIf('socket', local, stream),
    allowIf('socketpair', local, stream),
    ...rules(['socket', 'socketpair'], EPERM),
  ];
}

const O_CREAT = 0o100;
/** Without O_DIRECTORY, which it includes. */
const O_TMPFILE = 0o20000000;

/** A file's size has a limit, the number of files has none: so none can be made. */
function existingFilesOnly(createsFiles: boolean): Rule[] {
  if (createsFiles) return rules(['open', 'openat'], 'allow');
  const making = O_CREAT | O_TMPFILE;
  return [
    allowIf('open', { argument: 1, mask: making, value: 0 }),
    allowIf('openat', { argument: 2, mask: making, value: 0 }),
    ...rules(['open', 'openat'], EPERM),
  ];
}

/** TIOCSTI types into a terminal, TIOCLINUX into a console: into whatever a person has open outside. */
const TYPING_IOCTLS = [0x5412, 0x541c];
/** TCGETS (is it a terminal?), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. */
const HARMLESS_IOCTLS = [0x5401, 0x541b, 0x5421, 0x5450, 0x5451];
const IOCTL_TYPE_MASK = 0xff00;

/** ENOTTY is what a request gets that a file does not know. */
function ioctls({ ioctlType }: Accelerator): Rule[] {
  return [
    ...TYPING_IOCTLS.map((value): Rule => ({ call: 'ioctl', when: [{ argument: 1, value }], verdict: 'kill' })),
    ...HARMLESS_IOCTLS.map((value) => allowIf('ioctl', { argument: 1, value })),
    ...(ioctlType === null ? [] : [allowIf('ioctl', { argument: 1, mask: IOCTL_TYPE_MASK, value: ioctlType << 8 })]),
    { call: 'ioctl', verdict: ENOTTY },
  ];
}

/**
 * PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_SET_SECCOMP, PR_CAPBSET_READ, PR_SET_TIMERSLACK,
 * PR_MCE_KILL, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_VMA (names for memory).
 */
const PRCTLS = [3, 15, 16, 21, 22, 23, 29, 33, 38, 39, 0x53564d41];
