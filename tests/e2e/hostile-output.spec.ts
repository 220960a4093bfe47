import { expect, test } from './test.ts';

/** A machine is hostile: what it prints may look as it likes and do nothing else. */

const HOSTILE = [
  // OSC 52: write the clipboard, and ask for it.
  '\\e]52;c;aGFja2Vk\\a\\e]52;c;?\\a',
  // The window: title, icon, size, position, maximise.
  '\\e]0;hacked\\a\\e]2;hacked\\a\\e[8;5;5t\\e[3;0;0t\\e[9;1t',
  // A link that would run a script.
  '\\e]8;;javascript:document.title=1\\e\\\\press-me\\e]8;;\\e\\\\',
  // Strings without an end, and an end.
  '\\e]7;file://evil/\\a\\eP1$r0m\\e\\\\\\e_apc\\e\\\\\\e^pm\\e\\\\',
].join('');

const HONEST_LINK = '\\e]8;;http://127.0.0.1:9/\\e\\\\honest\\e]8;;\\e\\\\';

/** Every question a terminal answers: who are you, where is the cursor, which modes, which colours. */
const QUESTIONS = [
  '\\e[c',
  '\\e[>c',
  '\\e[6n',
  '\\e[5n',
  '\\e[?6n',
  '\\e]10;?\\a',
  '\\e]11;?\\a',
  '\\eP$qm\\e\\\\',
].join('');

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('hostile output writes no clipboard, changes no window and opens nothing', async ({ lesson, page, context }) => {
  const { terminal } = lesson;
  await lesson.begin();
  const title = await page.title();
  await page.evaluate(() => navigator.clipboard.writeText('untouched'));
  await terminal.keyboard.focus();
  await terminal.finish(`clear; printf '${HONEST_LINK}\\n${HOSTILE}\\n'`);
  // What the mouse is over is found out a moment after it moves; the honest link shows when that has happened.
  const honest = await terminal.hover('honest');
  await expect(honest).toHaveCSS('text-decoration-style', 'solid');
  await terminal.hover('press-me');
  await expect(honest).toHaveCSS('text-decoration-style', 'dashed');
  await page.mouse.down();
  await page.mouse.up();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('untouched');
  expect(await page.title()).toBe(title);
  expect(context.pages()).toHaveLength(1);
  // An honest link opens: those clicks do arrive.
  await terminal.hover('honest');
  await expect(honest).toHaveCSS('text-decoration-style', 'solid');
  const opened = context.waitForEvent('page');
  await page.mouse.down();
  await page.mouse.up();
  await opened;
  expect(page.viewportSize()).toEqual({ width: 1280, height: 800 });
});

test('a question in the output is answered once, and not again when the page is reloaded', async ({ lesson, page }) => {
  const { terminal } = lesson;
  await lesson.begin();
  // Answers arrive as if typed: cat keeps them until two seconds pass without another.
  await terminal.finish(`stty -icanon -echo min 0 time 20; printf '${QUESTIONS}'; cat > answers; stty sane`);
  await terminal.finish('clear; grep -c "\\[?1;2c" answers');
  await terminal.shows('1');
  const asked = await terminal.lines();
  await page.reload();
  await expect.poll(() => terminal.lines()).toEqual(asked);
  await terminal.keyboard.focus();
  await terminal.finish('clear; echo quiet');
  expect(await terminal.lines()).toEqual(['quiet', 'finished 1003', 'alice@dock:~$']);
});

test('a control sequence of twelve megabytes leaves a terminal that works', async ({ lesson }) => {
  const { terminal } = lesson;
  await lesson.begin();
  await terminal.finish(`printf '\\e]0;'; head -c 12000000 /dev/zero | tr '\\0' A; printf '\\a'; clear`);
  await terminal.finish('echo still here');
  await terminal.shows('still here');
});

/** Each is a dozen bytes that would keep an unguarded terminal busy for hours, or a string that never ends. */
const ENDLESS = [
  ...['b', 'L', 'M', 'S', 'T', 'I', 'Z', '@', 'P', 'X', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'd', 'r', 't', 'q'].map(
    (final) => `x\\e[2147483647${final}`,
  ),
  '\\e[999999999999999999999999;1H',
  '\\e[38;5;99999999999m\\e[0m',
  `\\e[${'1;'.repeat(500)}m\\e[0m`,
  '\\eP1$r',
  '\\e_never ended',
  '\\e]8;;https://example.com/',
].join('');

test('counts without bounds and strings without an end leave a page that answers, and a terminal that works', async ({
  lesson,
  page,
}) => {
  const { terminal } = lesson;
  await lesson.begin();
  await terminal.type(`printf '${ENDLESS}\\030\\ec'`);
  // The page's own thread is free again: a frame is drawn, a click is answered.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  await terminal.finish('clear; echo still here');
  await terminal.shows('still here');
});

/** What these ask for is text that the machine chose: answered, it would be typed into the learner's shell. */
const LEADING = [
  '\\e]2;chosen\\a\\e[21t',
  '\\e]1;chosen\\a\\e[20t',
  '\\eP$qchosen\\e\\\\',
  '\\eP+q63686f73656e\\e\\\\',
  '\\005',
];

test('no answer to a question in the output holds text that the machine chose', async ({ lesson }) => {
  const { terminal } = lesson;
  await lesson.begin();
  await terminal.finish(
    `stty -icanon -echo min 0 time 20; printf '${LEADING.join('')}\\e[c'; cat > answers; stty sane`,
  );
  // The last question is answered, so the others had their time.
  await terminal.finish('clear; grep -c "\\[?1;2c" answers; grep -ci "chosen\\|63686f73656e" answers');
  await terminal.shows('1');
  await terminal.shows('0');
});
