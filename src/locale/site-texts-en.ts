import type { SiteTexts } from './site-texts.ts';

export const EN: SiteTexts = {
  course: 'Hardening the Docker daemon',
  skip: 'Skip to content',
  lessons: 'Lessons',
  themeToggle: 'Switch between light and dark',
  footer: 'Everything here comes from this one server: no outside requests, no tracking, no sign-up.',
  home: {
    title: 'Drydock · Hardening the Docker daemon',
    description:
      'A hands-on course: take over a Docker host in a real virtual machine of your own, then harden it until the same attack fails.',
    headline: ['Break it first.', 'Then harden it.'],
    lead: 'The Docker daemon runs as root, so whoever can give it orders owns the host. Beside each lesson here stands a real virtual machine, yours alone and yours to ruin. You take it over, you close the door, and then the server runs your attack again. It counts when the attack fails and honest use still works.',
    begin: 'Begin with this lesson',
    drawing: 'A ship in a drydock: the water is pumped out and the hull below the waterline lies bare.',
    waterline: 'waterline',
    howTitle: 'How a lesson goes',
    how: [
      {
        title: 'Read',
        text: 'First what you will be able to do. The text stands on its own, with or without a terminal.',
      },
      { title: 'Attack', text: 'One click and the machine is there. Type the commands, or press Run.' },
      {
        title: 'Defend',
        text: 'Close the door. Checks run by themselves; a line that fails says what should be, what is, and what to try.',
      },
      {
        title: 'Prove',
        text: 'The server attacks again from where the attacker stood, and tries honest use beside it. Only both turn the step green.',
      },
    ],
    axesTitle: 'Three axes',
    axesLead: 'Hardening the daemon always comes down to these three questions.',
    lessonsTitle: 'Seven lessons',
    planned: 'being written',
    withMachine: 'with a machine',
    honest:
      'A ship is repaired below the waterline, so the dock is pumped dry first. Hosts are no different: what nobody sees in service is mended where it can be seen, and broken.',
  },
  axes: {
    access: {
      name: 'Access control',
      question: 'Who may talk to the daemon?',
      text: 'The socket, the docker group, port 2375, a docker.sock mounted into a container: each one is a door to root.',
    },
    transport: {
      name: 'Encrypted transport',
      question: 'Can someone on the wire listen, or pretend?',
      text: 'Mutual TLS: server and client both show a certificate. With either one missing, no conversation starts.',
    },
    privilege: {
      name: 'Least privilege',
      question: 'When it is broken into, what is won?',
      text: 'In rootless mode the daemon is not root. Whoever escapes from a container is an ordinary user.',
    },
  },
  kinds: { explore: 'Explore', attack: 'Attack', defend: 'Defend' },
  lesson: {
    number: (n) => `Lesson ${n}`,
    minutes: (n) => `${n} min read`,
    steps: (n) => (n === 1 ? '1 step' : `${n} steps`),
    previous: 'Previous',
    next: 'Next',
    allLessons: 'All lessons',
    progress: 'Steps of this lesson',
    divider: 'Resize lesson and machine',
  },
  step: {
    check: 'Check now',
    hint: 'Hint',
    solution: 'Solution',
    checks: 'Checks',
    verdict: 'When these hold, the server tries for itself',
    parts: { use: 'Honest use', attack: 'The attack again' },
    needsMachine: 'These checks run by themselves once the machine is started.',
    optional: 'Further',
  },
  question: {
    kind: 'Question',
    answer: 'Answer',
    needsMachine: 'Answering takes the machine: start it, and find out.',
  },
  dock: {
    label: 'Machine',
    one: {
      title: 'A machine of your own',
      lead: 'A real virtual machine with Docker running. Ruin anything in it: a reset takes less than a second, and nothing you do leaves it or reaches anyone else.',
      start: 'Start the machine',
    },
    several: {
      title: 'Machines of your own',
      lead: 'Real virtual machines, on a network with nobody else in it. Ruin anything in them: a reset takes less than a second, and nothing you do leaves them or reaches anyone else.',
      start: 'Start the machines',
    },
    users: 'Terminals',
    open: 'Terminal',
    noScript: 'The machine panel needs JavaScript. The lesson and its commands can be read without.',
    unreachable: 'The server is out of reach. Press again when it is back.',
    noLab: 'This lesson has no machine.',
  },
  aside: { note: 'Note', tip: 'Tip', caution: 'Caution' },
  terms: 'Terms',
  sheet: {
    title: 'Cheat sheet',
    back: 'To the lesson',
    description: (lesson) => `${lesson}: what you want to look up afterwards, on one printed page.`,
  },
  references: 'Beside the lessons',
  notFound: {
    title: 'No such page in this dock',
    text: 'The address may be mistyped, or the lesson is still being written.',
    back: 'Back to the lessons',
  },
};
