import { mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptState } from '../../protocol/state.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';
import { SpareServer } from '../serve/spare-server.ts';
import { Learner, type LearnerOptions } from './learner.ts';
import { pssBelowMib } from './processes.ts';
import { type Figure, figure, slope } from './statistics.ts';

export interface Sizes {
  readonly prompts: number;
  readonly keys: number;
  readonly floods: number;
  readonly commands: number;
  readonly starts: number;
  readonly bursts: number;
  readonly boots: number;
  /** How long machines stand idle before their memory is read. */
  readonly settleMs: number;
}

type Subject = Omit<LearnerOptions, 'origin'>;

const BOOT_TIMEOUT_MS = 5 * 60_000;
/** Text as wide as a terminal, and the other end: a program that prints next to nothing per line. */
export const FLOODS = {
  text: { line: 'x'.repeat(78), bytes: 16_000_000 },
  shortLines: { line: 'y', bytes: 4_000_000 },
} as const;

const IDLE_COUNTS = [1, 10, 30] as const;

export async function coldPrompt(server: SpareServer, subject: Subject, { prompts }: Sizes): Promise<Figure> {
  const samples: number[] = [];
  for (let sample = 0; sample < prompts; sample += 1) {
    const { learner, promptMs } = await Learner.click({ origin: server.origin, ...subject });
    await learner[Symbol.asyncDispose]();
    samples.push(promptMs);
  }
  return figure(samples);
}

export async function reset(server: SpareServer, subject: Subject, { prompts }: Sizes): Promise<Figure> {
  const { learner } = await Learner.click({ origin: server.origin, ...subject });
  await using _learner = learner;
  const samples: number[] = [];
  for (let sample = 0; sample < prompts; sample += 1) samples.push(await learner.reset());
  return figure(samples);
}

export async function echo(server: SpareServer, subject: Subject, { keys }: Sizes): Promise<Figure> {
  const { learner } = await Learner.click({ origin: server.origin, ...subject });
  await using _learner = learner;
  const samples: number[] = [];
  for (let sample = 0; sample < keys; sample += 1) {
    if (sample % 40 === 0) await learner.clearLine();
    samples.push(await learner.key());
  }
  return figure(samples);
}

/** Megabytes per second from a program in the machine to a client that reads all of it. */
export async function throughput(
  server: SpareServer,
  subject: Subject,
  { floods, flood }: Pick<Sizes, 'floods'> & { readonly flood: keyof typeof FLOODS },
): Promise<Figure> {
  const { line, bytes } = FLOODS[flood];
  const { learner } = await Learner.click({ origin: server.origin, ...subject });
  await using _learner = learner;
  const samples: number[] = [];
  for (let sample = 0; sample < floods; sample += 1) {
    const before = learner.received;
    const ms = await learner.command(`yes ${line} | head -c ${bytes}; echo do""ne${sample}`, mark(sample));
    samples.push((learner.received - before) / 1e6 / (ms / 1000));
  }
  return figure(samples);
}

/** A command typed at the prompt, from Enter to the end of its output; in a machine of its own each time. */
export async function firstCommand(
  server: SpareServer,
  { command, ...subject }: Subject & { readonly command: string },
  { commands }: Sizes,
): Promise<Figure> {
  const samples: number[] = [];
  for (let sample = 0; sample < commands; sample += 1) {
    const { learner } = await Learner.click({ origin: server.origin, ...subject });
    samples.push(await learner.command(`${command} >/dev/null && echo do""ne${sample}`, mark(sample)));
    await learner[Symbol.asyncDispose]();
  }
  return figure(samples);
}

/** From the end of a command until the line of the step that asks for it is green; in a machine of its own each time. */
export async function lineFeedback(server: SpareServer, subject: Subject, { commands }: Sizes): Promise<Figure> {
  const ask = 'curl -s --unix-socket /run/docker.sock http://localhost/version > version.json';
  const isGreen = ({ steps }: AttemptState) =>
    steps.flatMap(({ checks }) => checks).some(({ id, status }) => id === 'asked-by-hand' && status === 'passed');
  const samples: number[] = [];
  for (let sample = 0; sample < commands; sample += 1) {
    const { learner } = await Learner.click({ origin: server.origin, ...subject });
    await using _learner = learner;
    await learner.command(`${ask}; echo do""ne${sample}`, mark(sample));
    const changed = performance.now();
    await learner.page.stateWhere(isGreen);
    samples.push(performance.now() - changed);
  }
  return figure(samples);
}

/** From the end of a `chmod` of the socket, there and back, until the host map has the mode. */
export async function mapFeedback(server: SpareServer, subject: Subject, { commands }: Sizes): Promise<Figure> {
  const socket = '/run/docker.sock';
  const shows = ({ map }: AttemptState, wanted: string) =>
    map?.kind === 'drawn' &&
    map.hosts.some(({ doors }) => doors.some(({ id, mode }) => id === socket && mode === wanted));
  const { learner } = await Learner.click({ origin: server.origin, ...subject });
  await using _learner = learner;
  const samples: number[] = [];
  for (let sample = 0; sample < 2 * commands; sample += 1) {
    const mode = sample % 2 === 0 ? '666' : '660';
    await learner.command(`sudo chmod ${mode} ${socket}; echo do""ne${sample}`, mark(sample));
    const changed = performance.now();
    await learner.page.stateWhere((state) => shows(state, mode));
    samples.push(performance.now() - changed);
  }
  return figure(samples);
}

/** Until the server listens, with every template there. */
export async function warmStart({ starts }: Sizes): Promise<Figure> {
  const samples: number[] = [];
  for (let sample = 0; sample < starts; sample += 1) {
    const started = performance.now();
    await using _server = await SpareServer.start({ name: 'bench-start' });
    samples.push(performance.now() - started);
  }
  return figure(samples);
}

const mark = (sample: number) => new RegExp(`done${sample}\\r`);

/** What each further idle machine costs: the slope over 1, 10 and 30 of them. */
export async function idleMemory(server: SpareServer, subject: Subject, { settleMs }: Sizes): Promise<Figure> {
  await using learners = new AsyncDisposableStack();
  const points: [number, number][] = [];
  let count = 0;
  for (const wanted of IDLE_COUNTS) {
    for (; count < wanted; count += 1)
      learners.use((await Learner.click({ origin: server.origin, ...subject })).learner);
    // Idle is a length of time, not an event.
    await delay(settleMs);
    points.push([wanted, pssBelowMib(server.pid)]);
  }
  return figure([slope(points)]);
}

/** Everybody clicks at the same moment: when does the last one have a prompt? */
export async function burst(
  server: SpareServer,
  subject: Subject,
  { learners, bursts }: { learners: number; bursts: number },
): Promise<Figure> {
  const samples: number[] = [];
  for (let sample = 0; sample < bursts; sample += 1) {
    const clicks = Array.from({ length: learners }, () => Learner.click({ origin: server.origin, ...subject }));
    const prompts = await Promise.all(clicks);
    samples.push(Math.max(...prompts.map(({ promptMs }) => promptMs)));
    await Promise.all(prompts.map(({ learner }) => learner[Symbol.asyncDispose]()));
  }
  return figure(samples);
}

/** What a learner would wait for without templates: booting until Docker answers. */
export async function coldBoot(image: string, { boots }: Sizes): Promise<Figure> {
  await using machines = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
  const ref = await machines.templates.image(image);
  const samples: number[] = [];
  for (let sample = 0; sample < boots; sample += 1) {
    // Beside the image: a template is made on the same file system.
    const folder = await mkdtemp(`${ref.folder}-boot-`);
    try {
      const started = performance.now();
      await using machine = await machines.driver.boot(ref, { folder });
      await machine.run({ script: 'until docker ps >/dev/null 2>&1; do :; done', timeoutMs: BOOT_TIMEOUT_MS });
      samples.push(performance.now() - started);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return figure(samples);
}
