import type { Impairment } from '../../../protocol/troubles.ts';
import type { TroubleStrings } from './troubles.ts';

const KEPT = 'The steps you finished are kept.';

export const TROUBLES_EN: TroubleStrings = {
  ended: {
    expired: ['Time is up', `The machine is gone and what was in it. ${KEPT}`],
    stopped: ['The machine is stopped', `Start another whenever you like. ${KEPT}`],
    memory: [
      'The server ran out of memory, so the machine was ended',
      'It was the one that took the most. The steps you finished are kept; choose Reset for a fresh one.',
    ],
    failed: [
      'The machine did not start',
      'That is our fault, not yours. Try again; if it stays so, tell whoever runs this site.',
    ],
    'shut-down': [
      'The machine was shut down from inside',
      `As by poweroff. It cannot be switched on again, only replaced. ${KEPT}`,
    ],
    restarted: [
      'The machine was restarted from inside',
      `As by reboot. Machines here wake from frozen memory and cannot boot, so this one is over. ${KEPT}`,
    ],
    kernel: [
      'The machine’s kernel went down',
      `It crashed, or was told to restart without shutting down first. That ended this machine and nothing else. ${KEPT}`,
    ],
    agent: [
      'The machine’s terminals are gone',
      `The program in it that connects them to this page was ended or replaced, or the machine was halted. Nobody can reach it any more. ${KEPT}`,
    ],
    lost: [
      'The machine was lost',
      `The program on the server in which it ran has ended or hangs. If that happens again, tell whoever runs this site. ${KEPT}`,
    ],
    server: ['The server was restarted', `The machine did not outlive that. ${KEPT}`],
    crashed: ['The machine has ended', `Why is not known any more. ${KEPT}`],
  },
  impaired: (impairment, machine) => {
    const [title, text] = impaired(impairment);
    return [machine === null ? title : `${machine}: ${title}`, `${text} ${KEPT}`];
  },
  recovered: 'The machine can be used again.',
  obstacle: {
    silent: 'Could not be checked: the machine does not answer.',
    system: 'Cannot be checked: programs no longer start in this machine.',
    processes: 'Could not be checked: no further program can start in this machine.',
    busy: 'Could not be checked: the machine is too busy.',
    tool: 'Could not be checked: a program that it needs is gone from this machine.',
    full: 'Could not be checked: the machine has no room left to write.',
    'read-only': 'Could not be checked: nothing can be written in this machine.',
  },
};

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
