import type { Page } from '@playwright/test';
import { TerminalScreen } from './terminal-screen.ts';
import { expect, test } from './test.ts';

/** One terminal in two windows of different sizes, and a program that owns the screen. */

let asked = 0;

/** Rows and columns, as the machine has them. */
async function sizeIn(terminal: TerminalScreen): Promise<string> {
  asked += 1;
  await terminal.type(`echo asked ${asked}: $(stty size)`);
  const answer = new RegExp(`^asked ${asked}: (\\d+ \\d+)$`);
  await terminal.shows(answer);
  return (await terminal.lines()).map((line) => answer.exec(line)?.[1]).find(Boolean) ?? '';
}

/** What stands on the screen, without the cursor. */
async function linesIn(page: Page): Promise<string[]> {
  return await new TerminalScreen(page).lines();
}

test('two windows show one terminal; it has the size of the one that was used last, and the other says so', async ({
  lesson,
  page,
  context,
}, info) => {
  const { terminal } = lesson;
  await lesson.begin();
  const wide = await sizeIn(terminal);
  const other = await context.newPage();
  await other.setViewportSize({ width: 1100, height: 600 });
  await other.goto(page.url());
  const there = new TerminalScreen(other);
  await there.prompts('alice@dock:~$');
  await there.panel.click();
  const narrow = await sizeIn(there);
  expect(narrow).not.toBe(wide);
  const hint = page.locator('.foreign-size:visible');
  await expect(hint).toContainText('the size of another window');
  await expect.poll(() => linesIn(page)).toEqual(await linesIn(other));
  await page.screenshot({ path: info.outputPath('foreign-size.png') });

  await terminal.panel.click();
  await expect(hint).toBeHidden();
  expect(await sizeIn(terminal)).toBe(wide);
  await expect(other.locator('.foreign-size:visible')).toBeVisible();
  await expect.poll(() => linesIn(other)).toEqual(await linesIn(page));
  await other.screenshot({ path: info.outputPath('foreign-size-there.png') });
  await other.close();
});

test('reloaded in the middle of a program that owns the screen, the page shows it as it was, and it goes on', async ({
  lesson,
  page,
}) => {
  const { terminal } = lesson;
  await lesson.begin();
  // More than is sent as it was printed: what comes after the reload is a snapshot.
  await terminal.finish('seq 100000 > numbers; seq 60000 | tail -n 60000; clear');
  await terminal.type('less -N numbers');
  await terminal.shows(/^ +1 1$/);
  await page.keyboard.press('G');
  await terminal.shows(/^ +100000 100000$/);
  const before = await linesIn(page);
  await page.reload();
  await expect.poll(() => linesIn(page)).toEqual(before);
  await terminal.keyboard.focus();
  await page.keyboard.press('g');
  await terminal.shows(/^ +1 1$/);
  await page.keyboard.press('q');
  await terminal.prompts('alice@dock:~$');
});
