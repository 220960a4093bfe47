import type { SpareServer } from '../serve/spare-server.ts';
import * as measure from './measurements.ts';
import { reconnect, reconnectRoundTrips } from './reconnect.ts';
import type { Figure } from './statistics.ts';
import { warmPrompt } from './warm-prompt.ts';

export interface Row {
  /** As in the JSON. */
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  run(server: SpareServer, sizes: measure.Sizes): Promise<Figure>;
}

const SUBJECT = { lab: 'docker-group', terminal: 'alice' };
/** May change who has the socket. */
const OPERATOR = { lab: 'docker-group', terminal: 'olga' };
const IMAGE = 'debian-docker';

export const ROWS: readonly Row[] = [
  {
    key: 'coldPromptMs',
    title: 'click → prompt, nothing started ahead',
    unit: 'ms',
    run: (server, sizes) => measure.coldPrompt(server, SUBJECT, sizes),
  },
  {
    key: 'warmPromptMs',
    title: 'click → prompt, one stands ready',
    unit: 'ms',
    run: (_server, sizes) => warmPrompt(SUBJECT, sizes),
  },
  {
    key: 'resetMs',
    title: 'reset → prompt',
    unit: 'ms',
    run: (server, sizes) => measure.reset(server, SUBJECT, sizes),
  },
  { key: 'echoMs', title: 'key → echo', unit: 'ms', run: (server, sizes) => measure.echo(server, SUBJECT, sizes) },
  {
    key: 'reconnectMs',
    title: 'back after a cut, a little was missed',
    unit: 'ms',
    run: (_server, sizes) => reconnect({ ...SUBJECT, missed: 'little' }, sizes),
  },
  {
    key: 'reconnectSnapshotMs',
    title: 'back after a cut, by a snapshot',
    unit: 'ms',
    run: (_server, sizes) => reconnect({ ...SUBJECT, missed: 'much' }, sizes),
  },
  {
    key: 'reconnectRoundTrips',
    title: 'the same in round trips, a little',
    unit: '',
    run: (_server, sizes) => reconnectRoundTrips({ ...SUBJECT, missed: 'little' }, sizes),
  },
  {
    key: 'reconnectSnapshotRoundTrips',
    title: 'the same in round trips, by a snapshot',
    unit: '',
    run: (_server, sizes) => reconnectRoundTrips({ ...SUBJECT, missed: 'much' }, sizes),
  },
  {
    key: 'throughputMBps',
    title: 'output, lines as wide as a terminal',
    unit: 'MB/s',
    run: (server, { floods }) => measure.throughput(server, SUBJECT, { floods, flood: 'text' }),
  },
  {
    key: 'shortLinesMBps',
    title: 'output, one character per line',
    unit: 'MB/s',
    run: (server, { floods }) => measure.throughput(server, SUBJECT, { floods, flood: 'shortLines' }),
  },
  {
    key: 'dockerPsMs',
    title: 'first docker ps in a machine',
    unit: 'ms',
    run: (server, sizes) => measure.firstCommand(server, { ...SUBJECT, command: 'docker ps' }, sizes),
  },
  {
    key: 'dockerRunMs',
    title: 'first docker run in a machine',
    unit: 'ms',
    run: (server, sizes) =>
      measure.firstCommand(server, { ...SUBJECT, command: 'docker run --rm local/busybox true' }, sizes),
  },
  {
    key: 'feedbackMs',
    title: 'command done → the line of a step is green',
    unit: 'ms',
    run: (server, sizes) => measure.lineFeedback(server, SUBJECT, sizes),
  },
  {
    key: 'mapMs',
    title: 'command done → the host map has changed',
    unit: 'ms',
    run: (server, sizes) => measure.mapFeedback(server, OPERATOR, sizes),
  },
  {
    key: 'burst10LastPromptMs',
    title: '10 clicks at once, last prompt',
    unit: 'ms',
    run: (server, { bursts }) => measure.burst(server, SUBJECT, { learners: 10, bursts }),
  },
  {
    key: 'burst30LastPromptMs',
    title: '30 clicks at once, last prompt',
    unit: 'ms',
    run: (server, { bursts }) => measure.burst(server, SUBJECT, { learners: 30, bursts }),
  },
  {
    key: 'idleMachineMiB',
    title: 'memory per further idle machine',
    unit: 'MiB',
    run: (server, sizes) => measure.idleMemory(server, SUBJECT, sizes),
  },
  {
    key: 'warmStartMs',
    title: 'start of a server whose templates are there',
    unit: 'ms',
    run: (_server, sizes) => measure.warmStart(sizes),
  },
  {
    key: 'coldBootMs',
    title: 'cold boot to a usable Docker, for comparison',
    unit: 'ms',
    run: (_server, sizes) => measure.coldBoot(IMAGE, sizes),
  },
];
