/** What the probe tries (probe.pl has the same names), and what it means when it gets through. */

export interface Attempt {
  readonly name: string;
  /** What whoever broke out of QEMU would do, as in "may …". */
  readonly would: string;
  /**
   * Who gets through without the jail, which shows that the attempt is a real one. `nobody`: it depends on the kernel
   * or the network of a host, or would do harm where nothing holds it.
   */
  readonly withoutJail: 'anyone' | 'root' | 'nobody';
  /** Tried as a machine that is to be frozen, which may make files. */
  readonly asDraft?: boolean;
}

export interface AttemptGroup {
  readonly title: string;
  /** What to do when one of them gets through. */
  readonly fix: string;
  readonly attempts: readonly Attempt[];
}

const UPGRADE = 'Bring kernel and bubblewrap up to date (sudo apt-get update && sudo apt-get upgrade) and try again.';
const REPORT = 'Do not let strangers in until this is refused, and please report it with the output of --json.';

const anyone = (name: string, would: string): Attempt => ({ name, would, withoutJail: 'anyone' });
const root = (name: string, would: string): Attempt => ({ name, would, withoutJail: 'root' });
const nobody = (name: string, would: string): Attempt => ({ name, would, withoutJail: 'nobody' });
const draft = (name: string, would: string): Attempt => ({ name, would, withoutJail: 'anyone', asDraft: true });

export const ATTEMPT_GROUPS: readonly AttemptGroup[] = [
  {
    title: 'Files',
    fix: `The jail shows more of this computer than it should. ${UPGRADE} ${REPORT}`,
    attempts: [
      anyone('read-neighbour-file', "read another machine's files"),
      anyone('list-neighbour', "list another machine's folder"),
      anyone('enter-neighbour-socket', "connect to another machine's sockets"),
      anyone('write-template', 'write to its template'),
      anyone('replace-template', 'put something in the place of its template'),
      anyone('write-image', "change its image's kernel"),
      root('write-libraries', "change the system's libraries"),
      anyone('read-store', 'read what is stored of learners'),
      root('read-passwords', 'read /etc/shadow'),
      anyone('read-accounts', 'read /etc/passwd'),
      root('list-root-home', "list root's home"),
      anyone('list-homes', 'list the homes of users'),
      nobody('open-by-handle', 'reach files around all paths'),
    ],
  },
  {
    title: 'Processes',
    fix: `The jail shares more with this computer than it should. ${UPGRADE} ${REPORT}`,
    attempts: [
      anyone('see-processes', 'see processes of this computer'),
      anyone('signal-process', 'send them signals'),
      anyone('trace-process', 'trace a process'),
      anyone('read-process-memory', "read a process's memory"),
      anyone('fork', 'start a process'),
      anyone('exec-shell', 'become a shell'),
    ],
  },
  {
    title: 'Network',
    fix: `A machine must not reach any network. ${UPGRADE} ${REPORT}`,
    attempts: [
      anyone('tcp-to-loopback', 'connect to a service of this computer (TCP)'),
      anyone('udp-to-loopback', 'send to a service of this computer (UDP)'),
      anyone('tcp-to-host', "connect to this computer's own address"),
      nobody('tcp-to-metadata', "connect to the cloud's metadata service"),
      anyone('abstract-socket', 'connect to an abstract socket'),
      anyone('daemon-socket', "connect to a daemon's socket"),
      anyone('socket-inet', 'make a socket for IPv4'),
      anyone('socket-inet6', 'make a socket for IPv6'),
      anyone('socket-netlink', 'make a netlink socket'),
      root('socket-packet', 'make a packet socket'),
      nobody('socket-vsock', "make a socket to this computer's own host"),
      anyone('socket-datagram', 'make a local datagram socket'),
    ],
  },
  {
    title: 'Rights',
    fix: `What breaks out must not become more than it is. ${UPGRADE} ${REPORT}`,
    attempts: [
      root('new-user-namespace', 'make a user namespace'),
      root('new-network-namespace', 'make a network namespace'),
      root('mount', 'mount a file system'),
      root('change-root', 'change its root'),
      root('become-root', 'become root'),
      root('change-group', 'leave its groups'),
      root('raise-priority', 'take precedence over the server'),
    ],
  },
  {
    title: 'Kernel',
    fix: `The seccomp filter does not hold. Check that the kernel has CONFIG_SECCOMP_FILTER. ${REPORT}`,
    attempts: [
      nobody('io-uring', 'use io_uring, past any filter'),
      root('user-fault', 'handle page faults'),
      root('bpf', 'load programs into the kernel'),
      root('performance-events', 'watch the processor'),
      anyone('keys', 'reach keys in the kernel'),
      nobody('load-module', 'load a module'),
      nobody('kexec', 'load another kernel'),
      anyone('memory-file', 'keep memory that no limit counts'),
      anyone('shared-memory', 'share memory with others'),
      anyone('personality', 'change its personality'),
      nobody('type-into-terminal', 'type into a terminal'),
      nobody('type-by-upper-bits', 'type into a terminal, past the filter'),
      nobody('x32-call', 'use other numbers for system calls'),
    ],
  },
  {
    title: 'Limits',
    fix: `One machine could take what the others need. ${UPGRADE} ${REPORT}`,
    attempts: [
      anyone('memory', 'take more memory than a machine has'),
      anyone('file-size', 'let its disk grow beyond its limit'),
      anyone('open-files', 'open more than 512 files'),
      anyone('new-file', 'make a file'),
      anyone('new-folder', 'make a folder'),
      anyone('file-in-tmp', 'make a file in /tmp'),
      anyone('threads', 'start more than 128 threads'),
      draft('fill-tmp', 'fill /tmp'),
      draft('fill-shared-memory', 'fill /dev/shm'),
      { ...draft('fill-dev', 'fill /dev'), withoutJail: 'root' },
      { ...draft('fill-root', 'fill /'), withoutJail: 'root' },
    ],
  },
];

export const ATTEMPTS: readonly Attempt[] = ATTEMPT_GROUPS.flatMap(({ attempts }) => attempts);
