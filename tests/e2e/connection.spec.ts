import type { Page } from '@playwright/test';
import type { LessonPage } from './lesson-page.ts';
import { expect, test } from './test.ts';

/** Nothing is lost or doubled between a machine and the page, whatever the network, the tab or the server do. */

const NUMBERS = Array.from({ length: 1900 }, (_, index) => String(10_001 + index));
/** Some 70 kB, and it fits into what a terminal can be scrolled back. */
const PRINT_NUMBERS = `seq -f '%.0f ..............................' ${NUMBERS[0]} ${NUMBERS.at(-1)}`;
/** Anywhere: in a handshake, a header, the middle of a character's bytes. */
const CUTS = [13_337, 1, 97, 9_011, 4_099, 15_007, 300, 13_333];

test.use({ viewport: { width: 1280, height: 2000 } });

/** A page that begins again draws what came before as well, and so, for a moment, the prompt the line was typed at. */
async function printed({ terminal }: LessonPage): Promise<void> {
  await terminal.shows(new RegExp(`^${NUMBERS.at(-1)} \\.+$`));
  await terminal.prompts('alice@dock:~$');
}

/** The numbers on the terminal, in order, as often as they stand there. */
async function numbersOn({ terminal }: LessonPage): Promise<string[]> {
  await terminal.keyboard.focus();
  const lines = await terminal.scrollBackTo(/\$ seq -f/);
  return lines.flatMap((line) => /^(\d{5}) \.+$/.exec(line)?.[1] ?? []);
}

test('a connection cut eight times in the middle of output loses nothing and doubles nothing', async ({
  lesson,
  site,
}) => {
  await lesson.begin({ origin: site.wire.origin });
  const allCut = site.wire.cutAfter(CUTS);
  await lesson.terminal.type(PRINT_NUMBERS);
  await allCut;
  await printed(lesson);
  await expect(lesson.notice).toBeHidden();
  expect(await numbersOn(lesson)).toEqual(NUMBERS);
});

test('starting without a network keeps the lesson on the page, and works when the network is back', async ({
  lesson,
  site,
  page,
}) => {
  await lesson.open({ origin: site.wire.origin });
  site.wire.goOffline();
  const start = page.getByRole('button', { name: 'Start the machine' });
  await start.click();
  await expect(page.getByRole('alert')).toHaveText('The server is out of reach. Press again when it is back.');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The docker group is root');
  site.wire.goOnline();
  await start.click();
  await lesson.terminal.prompts('alice@dock:~$');
});

test('what is typed while the network is away arrives once, when it is back', async ({ lesson, site }) => {
  const { terminal } = lesson;
  await lesson.begin({ origin: site.wire.origin });
  site.wire.goOffline();
  await expect(lesson.notice).toContainText(
    'The connection is gone. If it is only the network, your machine goes on and nothing is lost.',
  );
  await expect(lesson.tool('Reset')).toBeDisabled();
  await terminal.type('echo typed >> while-away');
  site.wire.goOnline();
  await expect(lesson.notice).toBeHidden();
  await terminal.finish('wc -l while-away');
  await terminal.shows('1 while-away');
});

test('what was typed and applied, but never confirmed, is not applied again', async ({ lesson, site }) => {
  const { terminal } = lesson;
  await lesson.begin({ origin: site.wire.origin });
  site.wire.loseAnswers();
  const line = 'echo typed >> unconfirmed';
  // A key is a frame of 17 bytes; what else the page sends only makes it more.
  const arrived = site.wire.sent(17 * (line.length + 1));
  await terminal.type(line);
  await arrived;
  site.wire.goOffline();
  site.wire.goOnline();
  await expect(lesson.notice).toBeHidden();
  await terminal.finish('wc -l unconfirmed');
  await terminal.shows('1 unconfirmed');
});

test('a tab reloaded in the middle of output shows all of it, and the same screen', async ({ lesson, page }) => {
  const { terminal } = lesson;
  await lesson.begin();
  await terminal.type(`${PRINT_NUMBERS} | while read -r line; do echo "$line"; done`);
  await terminal.shows(/^1\d{4} \.+$/);
  await page.reload();
  await printed(lesson);
  expect(await numbersOn(lesson)).toEqual(NUMBERS);

  await terminal.finish(
    'clear; printf "\\e[1;31mred\\e[0m 中文 🚢\\n"; ls --color=always -l /etc/docker; tput cup 20 30; echo far',
  );
  const before = await pictureOf(page);
  await page.reload();
  await terminal.shows(/^ +far$/);
  await expect.poll(() => pictureOf(page)).toBe(before);
});

/** Text and colours of the screen, without the cursor, which may blink. */
async function pictureOf(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const rows = document.querySelector('.terminal-panel:not([hidden]) .xterm-rows')?.cloneNode(true);
    if (!(rows instanceof HTMLElement)) return 'no terminal';
    for (const cursor of rows.querySelectorAll('.xterm-cursor')) cursor.className = '';
    return rows.innerHTML.replaceAll(' class=""', '');
  });
}

test('a server that was killed comes back: the machine, the screen and what was earned are as they were', async ({
  lesson,
  page,
  site,
}) => {
  await lesson.begin();
  await lesson.run('head -c 200 version.json');
  await lesson.passes('look', 'asked-by-hand');
  const { terminal } = lesson;
  await terminal.finish('clear; printf "\\e[1;31mred\\e[0m 中文 🚢\\n"; sleep 1; echo behind');
  const before = await pictureOf(page);
  await site.server.crash();
  await expect(lesson.notice).toContainText('The connection is gone.');
  await site.server.startAgain();
  await expect(lesson.notice).toBeHidden();
  await expect.poll(() => pictureOf(page)).toBe(before);
  await page.reload();
  await expect.poll(() => pictureOf(page)).toBe(before);
  await expect(lesson.verdictOn('look')).toHaveText('Done');
  await terminal.keyboard.focus();
  await terminal.finish('ls');
});
