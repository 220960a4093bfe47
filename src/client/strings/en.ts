import { MAP_EN } from './map-en.ts';
import type { Strings } from './strings.ts';
import { troublesEn } from './troubles-en.ts';

/** What a start waits for. */
const LACKING = {
  places: 'Every machine this host has room for is in use.',
  memory: 'The machines in use leave too little memory for another one.',
  disk: 'The disk of this host has too little room left for another machine; whoever runs this site can make some.',
};

/** Of one machine, or of several. */
export function english(several: boolean): Strings {
  const of = (one: string, many: string) => (several ? many : one);
  const trouble = troublesEn(several);
  return {
    stage: {
      connecting: ['Asking the server', 'Usually less than a second.'],
      away: ['The server is out of reach', 'This page keeps trying. The progress you have made is kept on the server.'],
      refused: 'This cannot go on',
      queued: ({ place, waiting, reason }) => [
        place === 1 ? 'You are next' : `You are number ${place} in the queue`,
        `${LACKING[reason]} ${waiting === 1 ? 'One person is' : `${waiting} people are`} waiting. Yours starts by itself. Until then, read on.`,
      ],
      starting: [
        of('Forking your machine', 'Forking your machines'),
        of(
          'The template is a virtual machine that has already booted and lies frozen in memory. You get a copy-on-write fork of it: nothing boots, and the prompt is there.',
          'Each template is a virtual machine that has already booted and lies frozen in memory. You get a copy-on-write fork of each: nothing boots, and the prompts are there.',
        ),
      ],
      slow: of(
        'Slower than usual, and still going. The machine appears here when it is ready.',
        'Slower than usual, and still going. The machines appear here when they are ready.',
      ),
      ended: trouble.ended,
      fresh: of('Get a fresh machine', 'Get fresh machines'),
      retry: 'Try now',
      reload: 'Reload the page',
      kept: of('Your machine is still running; nothing is lost.', 'Your machines are still running; nothing is lost.'),
      leaveQueue: 'Leave the queue',
    },
    trouble,
    notice: {
      lost: of(
        'The connection is gone. If it is only the network, your machine goes on and nothing is lost.',
        'The connection is gone. If it is only the network, your machines go on and nothing is lost.',
      ),
      retryIn: (seconds) => `Next try in ${seconds} s.`,
      retrying: 'Reconnecting…',
      back: 'Connected again.',
      elsewhere: (lesson) => `What runs here belongs to lesson ${lesson}.`,
      goBack: (lesson) => `Back to lesson ${lesson}`,
      startThis: of('Start this lesson’s machine', 'Start this lesson’s machines'),
      tooFast: 'The machine has not caught up, so that input was not sent. Wait a moment and try again.',
      pasteTooLarge: (kib, limitKib) =>
        `You pasted ${kib} KiB; at most ${limitKib} KiB fit at once, so nothing was sent. Paste it in pieces.`,
      loadFailed: of(
        'The terminal could not be loaded. Reload the page; your machine is still running.',
        'The terminal could not be loaded. Reload the page; your machines are still running.',
      ),
      dismiss: 'Dismiss',
    },
    bar: {
      terminals: 'Terminals',
      timeLeft: (minutes, seconds) => `${minutes}:${String(seconds).padStart(2, '0')}`,
      timeLeftLabel: 'Time left',
      extend: (minutes) => `+${minutes} min`,
      reset: 'Reset',
      stop: 'Stop',
      ended: 'ended',
      lowTime: (minutes) =>
        `${minutes} minutes left on ${of('this machine', 'these machines')}. You can extend ${of('it', 'them')}.`,
    },
    dialog: {
      resetTitle: of('Swap this machine for a fresh one?', 'Swap these machines for fresh ones?'),
      resetText: of(
        'Work in the terminals and changes to the machine are lost. Finished steps stay finished.',
        'Work in the terminals and changes to the machines are lost. Finished steps stay finished.',
      ),
      startHereTitle: (step) => `Start from step ${step}?`,
      startHereText: of(
        'This machine is replaced by one in which the steps before are done, further steps aside. Only what you do yourself counts as done; finished steps stay finished.',
        'These machines are replaced by ones in which the steps before are done, further steps aside. Only what you do yourself counts as done; finished steps stay finished.',
      ),
      stopTitle: of('Stop this machine?', 'Stop these machines?'),
      stopText: of(
        'It is destroyed at once, with every change in it. Finished steps stay finished.',
        'They are destroyed at once, with every change in them. Finished steps stay finished.',
      ),
      cancel: 'Cancel',
    },
    terminal: {
      shellEnded: 'The shell has ended.',
      loginAgain: 'Press Enter to log in again',
      shellEndedSpoken: (user) => `The shell of ${user} has ended. Press Enter to log in again.`,
      label: (user, machine) => `Terminal of ${user} on ${machine}`,
      foreignSize: (cols, rows) =>
        `${cols} × ${rows}, the size of another window that shows it. Click into the terminal to fit it to this one.`,
    },
    foot: {
      leave: 'leave the terminal',
      copyPaste: 'copy / paste',
      screenReader: 'Screen reader mode',
      screenReaderOn: 'Screen reader mode is on',
    },
    touch: { command: 'Type a command', send: 'Send', keys: 'Keys' },
    step: {
      earned: 'Done',
      earnedLapsed: 'Done once, and no longer so',
      prepared: of('Done for you on this machine', 'Done for you on these machines'),
      startHere: 'Start from here',
      preparing: (seconds) => `Preparing ${of('a machine', 'machines')} at this step: usually about ${seconds} s.`,
      goesOn: of('Yours goes on until then.', 'Yours go on until then.'),
      hint: (next, total) => `Hint ${next}/${total}`,
      noMoreHints: 'No more hints',
      expected: 'Expected',
      seen: 'Seen',
      try: 'Try',
      tried: 'Tried',
      errored: 'Could not be checked. That is our fault; it is tried again.',
      lapsed: 'It held before and no longer does.',
      status: {
        pending: 'Not checked yet',
        running: 'Checking',
        passed: 'Passed',
        failed: 'Not passed',
        lapsed: 'No longer holds',
        errored: 'Could not be checked',
      },
      spokenEarned: (title) => `Step done: ${title}`,
      spokenLine: (line, status) => `${status}: ${line}`,
      run: 'Run',
      copy: 'Copy',
    },
    map: MAP_EN,
    question: {
      right: 'Right.',
      wrong: 'Not so.',
      marking: of('Looking at your machine…', 'Looking at your machines…'),
      errored: 'Your answer could not be checked, which says nothing about it. Try again.',
    },
  };
}
