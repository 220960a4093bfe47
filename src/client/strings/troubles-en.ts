import type { Impairment } from '../../../protocol/troubles.ts';
import type { TroubleStrings } from './troubles.ts';

const KEPT = 'The steps you finished are kept.';

/** Of one machine, or of several. */
export function troublesEn(several: boolean): TroubleStrings {
  const of = (one: string, many: string) => (several ? many : one);
  return { ended: ended(of), impaired: told, recovered: 'The machine can be used again.', obstacle: OBSTACLE };
}

type Of = (one: string, many: string) => string;

const ended = (of: Of): TroubleStrings['ended'] => ({
  expired: [
    'Time is up',
    of(`The machine is gone and what was in it. ${KEPT}`, `The machines are gone and what was in them. ${KEPT}`),
  ],
  stopped: [
    of('The machine is stopped', 'The machines are stopped'),
    of(`Start another whenever you like. ${KEPT}`, `Start others whenever you like. ${KEPT}`),
  ],
  memory: [
    of(
      'The server ran out of memory, so the machine was ended',
      'The server ran out of memory, so the machines were ended',
    ),
    of(
      `It was the one that took the most. ${KEPT} Choose Reset for a fresh one.`,
      `They were the ones that took the most. ${KEPT} Choose Reset for fresh ones.`,
    ),
  ],
  failed: [
    of('The machine did not start', 'The machines did not start'),
    'That is our fault, not yours. Try again; if it stays so, tell whoever runs this site.',
  ],
  'shut-down': [
    of('The machine was shut down from inside', 'A machine was shut down from inside'),
    `As by poweroff. It cannot be switched on again, only replaced. ${KEPT}`,
  ],
  restarted: [
    of('The machine was restarted from inside', 'A machine was restarted from inside'),
    `As by reboot. Machines here wake from frozen memory and cannot boot, so this one is over. ${KEPT}`,
  ],
  kernel: [
    of('The machine’s kernel went down', 'A machine’s kernel went down'),
    `It crashed, or was told to restart without shutting down first. ${KEPT}`,
  ],
  agent: [
    of('The machine’s terminals are gone', 'A machine’s terminals are gone'),
    `The program in it that connects them to this page was ended or replaced, or the machine was halted. Nobody can reach it any more. ${KEPT}`,
  ],
  lost: [
    of('The machine was lost', 'A machine was lost'),
    `The program on the server in which it ran has ended or hangs. If that happens again, tell whoever runs this site. ${KEPT}`,
  ],
  server: [
    'The server was restarted',
    of(`The machine did not outlive that. ${KEPT}`, `The machines did not outlive that. ${KEPT}`),
  ],
  crashed: [of('The machine has ended', 'The machines have ended'), `Why is not known any more. ${KEPT}`],
});

const OBSTACLE: TroubleStrings['obstacle'] = {
  silent: 'Could not be checked: the machine does not answer.',
  system: 'Cannot be checked: programs no longer start in this machine.',
  processes: 'Could not be checked: no further program can start in this machine.',
  busy: 'Could not be checked: the machine is too busy.',
  tool: 'Could not be checked: a program that it needs is gone from this machine.',
  full: 'Could not be checked: the machine has no room left to write.',
  'read-only': 'Could not be checked: nothing can be written in this machine.',
};

function told(impairment: Impairment, machine: string | null): readonly [string, string] {
  const [title, text] = impaired(impairment);
  return [machine === null ? title : `${machine}: ${title}`, `${text} ${KEPT}`];
}

function impaired({ kind, what }: Impairment): readonly [string, string] {
  switch (kind) {
    case 'silent':
      return [
        'The machine does not answer',
        'The program in it that connects the terminals is stopped, or nothing gets a turn any more. If that passes, all goes on by itself; if not, choose Reset.',
      ];
    case 'system':
      return [
        'The system in this machine is broken',
        'Programs no longer start: files that they all need are gone, or nobody may use them. Steps cannot be checked here. Choose Reset for a fresh machine.',
      ];
    case 'processes':
      return [
        'No further program can start in this machine',
        'Its processes or its memory are used up. When some of them end, all goes on by itself; if not, choose Reset.',
      ];
    case 'busy':
      return [
        'This machine is too busy',
        'Not even a small program gets done in it. When what keeps it busy ends, all goes on by itself; stop it, or choose Reset.',
      ];
    case 'tool':
      return [
        `The program ${what} is gone from this machine`,
        'Checks count on it, so some of them cannot tell how things are. Put it back, or choose Reset.',
      ];
    case 'full':
      return [
        what === '/' ? 'The disk of this machine is full' : `${what} is full`,
        'Nothing more can be written there, and programs fail for reasons they do not tell. Delete what fills it, or choose Reset.',
      ];
    default:
      return [
        'The disk of this machine cannot be written',
        'Its file system is read-only: somebody made it so, or it failed. Programs fail for reasons they do not tell. Choose Reset for a fresh machine.',
      ];
  }
}
