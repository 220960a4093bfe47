import { MAP_EN } from './map-en.ts';
import type { Strings } from './strings.ts';

/** What a start waits for. */
const LACKING = {
  places: 'Every machine this host has room for is in use.',
  memory: 'The machines in use leave too little memory for another one.',
  disk: 'The disk of this host has too little room left for another machine; whoever runs this site can make some.',
};

export const EN: Strings = {
  stage: {
    connecting: ['Asking the server', 'Usually less than a second.'],
    away: ['The server is out of reach', 'This page keeps trying. The progress you have made is kept on the server.'],
    refused: 'This cannot go on',
    queued: ({ place, waiting, reason }) => [
      place === 1 ? 'You are next' : `You are number ${place} in the queue`,
      `${LACKING[reason]} ${waiting === 1 ? 'One person is' : `${waiting} people are`} waiting. Yours starts by itself. Until then, read on.`,
    ],
    starting: [
      'Forking your machine',
      'The template is a virtual machine that has already booted and lies frozen in memory. You get a copy-on-write fork of it: nothing boots, and the prompt is there.',
    ],
    slow: 'Slower than usual, and still going. The machine appears here when it is ready.',
    ended: {
      expired: ['Time is up', 'The machine is gone and what was in it. The steps you finished are kept.'],
      crashed: [
        'The machine stopped',
        'It was shut down from inside, its kernel did not survive, or the server was restarted. Here all of that is fine. The steps you finished are kept.',
      ],
      failed: [
        'The machine did not start',
        'That is our fault, not yours. Try again; if it stays so, tell whoever runs this site.',
      ],
      memory: [
        'The server ran out of memory, so the machine was ended',
        'It was the one that took the most. The steps you finished are kept; choose Reset for a fresh one.',
      ],
      stopped: ['The machine is stopped', 'Start another whenever you like. The steps you finished are kept.'],
    },
    fresh: 'Get a fresh machine',
    retry: 'Try now',
    reload: 'Reload the page',
    kept: 'Your machine is still running; nothing is lost.',
    leaveQueue: 'Leave the queue',
  },
  notice: {
    lost: 'The connection is gone. If it is only the network, your machine goes on and nothing is lost.',
    retryIn: (seconds) => `Next try in ${seconds} s.`,
    retrying: 'Reconnecting…',
    back: 'Connected again.',
    elsewhere: (lesson) => `This is the machine of lesson ${lesson}.`,
    goBack: (lesson) => `Back to lesson ${lesson}`,
    startThis: 'Start this lesson’s machine',
    tooFast: 'The machine has not caught up, so that input was not sent. Wait a moment and try again.',
    pasteTooLarge: (kib, limitKib) =>
      `You pasted ${kib} KiB; at most ${limitKib} KiB fit at once, so nothing was sent. Paste it in pieces.`,
    loadFailed: 'The terminal could not be loaded. Reload the page; your machine is still running.',
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
    lowTime: (minutes) => `${minutes} minutes left on this machine. You can extend it.`,
  },
  dialog: {
    resetTitle: 'Swap this machine for a fresh one?',
    resetText: 'Work in the terminals and changes to the machine are lost. Finished steps stay finished.',
    startHereTitle: (step) => `Start from step ${step}?`,
    startHereText:
      'This machine is replaced by one in which the steps before are done, further steps aside. Only what you do yourself counts as done; finished steps stay finished.',
    stopTitle: 'Stop this machine?',
    stopText: 'It is destroyed at once, with every change in it. Finished steps stay finished.',
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
    prepared: 'Done for you on this machine',
    startHere: 'Start from here',
    preparing: (seconds) => `Preparing a machine at this step: usually about ${seconds} s.`,
    goesOn: 'Yours goes on until then.',
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
    marking: 'Looking at your machine…',
    errored: 'Your answer could not be looked at: this is our fault, not yours. Try again.',
  },
};
