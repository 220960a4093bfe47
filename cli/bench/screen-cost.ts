// `node cli/bench/screen-cost.ts`: what a screen on the server costs, in processor time and memory, without machines.
import { Screen } from '../../sandbox-server/sandboxes/screen/screen.ts';

const SIZE = { cols: 80, rows: 24 };
const SLICE_BYTES = 4 * 1024;
const MIB = 1024 * 1024;

const repeat = (line: (index: number) => string) => {
  let text = '';
  for (let index = 0; text.length < MIB; index += 1) text += line(index);
  return Buffer.from(text).subarray(0, MIB);
};

const STREAMS = {
  'numbers (seq)': repeat((index) => `${index}\r\n`),
  'coloured list (ls -l --color)': repeat(
    (index) =>
      `-rw-r--r-- 1 root root ${index} \x1b[0m\x1b[01;34mfolder-${index}\x1b[0m  \x1b[01;32mprogram\x1b[0m\r\n`,
  ),
  'lines of 78 characters': repeat((index) => `${String(index).padEnd(78, '.')}\r\n`),
  'Chinese text': repeat((index) => `第 ${index} 行：终端里的中文输出，每行大约四十个字。\r\n`),
  'full-screen program': repeat(
    (index) => `\x1b[${1 + (index % 24)};${1 + (index % 60)}H\x1b[3${index % 8}mword\x1b[K`,
  ),
};

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function feed(screen: Screen, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) screen.feed(bytes.subarray(from, from + SLICE_BYTES));
}

function paint(screen: Screen): Buffer {
  let text = '';
  for (const piece of screen.paint()) text = piece === undefined ? '' : text + piece;
  return Buffer.from(text);
}

for (const [name, bytes] of Object.entries(STREAMS)) {
  using screen = new Screen(SIZE);
  feed(screen, bytes);
  paint(screen);
  const parse = cpuMs(() => feed(screen, bytes));
  let snapshot: Uint8Array = new Uint8Array();
  const painted = cpuMs(() => {
    for (let round = 0; round < 5; round += 1) snapshot = paint(screen);
  });
  using copy = new Screen(SIZE);
  const restore = cpuMs(() => feed(copy, snapshot));
  console.log(
    [
      name.padEnd(32),
      `parse ${parse.toFixed(1)} ms/MiB`,
      `paint ${(painted / 5).toFixed(1)} ms`,
      `${(snapshot.length / 1024).toFixed(0)} KiB`,
      `restore ${restore.toFixed(1)} ms`,
    ].join('  '),
  );
}

const before = process.memoryUsage();
const open = Array.from({ length: 20 }, () => {
  const screen = new Screen(SIZE);
  feed(screen, STREAMS['coloured list (ls -l --color)']);
  return screen;
});
const after = process.memoryUsage();
const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
console.log(`an open screen with 2000 lines of scrollback: ${(grown / open.length / MIB).toFixed(1)} MiB`);
