import { LessonPage } from './lesson-page.ts';
import { expect, test } from './test.ts';

/** The machine beside the lesson, for whoever uses it: across pages, without a mouse, on a phone, not for strangers. */

test('the terminal lives on across the language switch, the home page and Back', async ({ lesson, page }) => {
  const { terminal } = lesson;
  let sockets = 0;
  page.on('websocket', () => {
    sockets += 1;
  });
  await lesson.begin();
  await terminal.finish('here=kept');

  await page.getByRole('link', { name: '简体中文' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('docker 组就是 root');
  await expect(lesson.tool('重置')).toBeVisible();
  await terminal.keyboard.focus();
  await terminal.finish('echo $here in Chinese');
  await terminal.shows('kept in Chinese');

  await page.getByRole('banner').getByRole('link', { name: 'Drydock' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('先攻破它');
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The docker group is root');
  await expect(lesson.tool('Reset')).toBeVisible();
  await terminal.keyboard.focus();
  await terminal.finish('echo $here after Back');
  await terminal.shows('kept after Back');
  expect(sockets).toBe(1);
});

test('everything is done with the keyboard alone', async ({ lesson, page }) => {
  const { terminal } = lesson;
  await lesson.open();
  const start = page.getByRole('button', { name: 'Start the machine' });
  await start.focus();
  await page.keyboard.press('Enter');
  await terminal.prompts('alice@dock:~$');
  await expect(terminal.keyboard).toBeFocused();
  await terminal.finish('touch only-this-file');
  await page.keyboard.type('cat onl');
  await page.keyboard.press('Tab');
  await terminal.shows('alice@dock:~$ cat only-this-file');
  await expect(terminal.keyboard).toBeFocused();
  await page.keyboard.press('F6');
  await expect(lesson.tab('alice')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(lesson.tab('olga')).toBeFocused();
  await terminal.prompts('olga@dock:~$');
  await page.keyboard.press('Tab');
  await expect(lesson.tool('+30 min')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Swap this machine for a fresh one?');
  await page.keyboard.press('Escape');
  await expect(lesson.tool('Reset')).toBeFocused();

  const divider = page.locator('[data-divider]');
  const widthBefore = (await page.locator('.dock').boundingBox())?.width ?? 0;
  await divider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await page.locator('.dock').boundingBox())?.width).toBeGreaterThan(widthBefore);
});

test.describe('on a phone of 360 pixels', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('nothing is cut off, and commands are given in a line of their own', async ({ lesson, page }) => {
    const { terminal } = lesson;
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await page.goto('/en/');
    expect(await overflow()).toBeLessThanOrEqual(0);
    await lesson.open();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Terminal' }).tap();
    await page.getByRole('button', { name: 'Start the machine' }).tap();
    await terminal.prompts('alice@dock:~$');
    expect(await overflow()).toBeLessThanOrEqual(0);

    const line = page.getByRole('textbox', { name: 'Type a command' });
    await line.fill('echo $((6 * 7))');
    await page.getByRole('button', { name: 'Send' }).tap();
    await terminal.shows('42');
    await expect(line).toHaveValue('');
    // Said by the program itself: what ^C does between two of a shell's own commands is anybody's guess.
    await line.fill('sh -c "echo busy;cat"');
    await line.press('Enter');
    await terminal.shows('busy');
    await page.getByRole('button', { name: '^C' }).tap();
    await terminal.prompts('alice@dock:~$');
    await page.getByRole('button', { name: 'up', exact: true }).tap();
    await terminal.prompts('alice@dock:~$ sh -c "echo busy;cat"');
    await page.getByRole('button', { name: '^C' }).tap();
    await terminal.prompts('alice@dock:~$');
    await line.fill('exit');
    await line.press('Enter');
    await expect(lesson.ended('alice')).toBeVisible();
    await terminal.shows('logout');
    await line.press('Enter');
    await terminal.prompts('alice@dock:~$');
    await expect(lesson.ended('alice')).toBeHidden();
  });
});

test('another visitor gets a machine of their own, even with everything the first page remembers', async ({
  lesson,
  browser,
  baseURL,
}) => {
  await lesson.begin();
  await lesson.terminal.finish('touch private; echo secret of mine');
  const { origins } = await lesson.page.context().storageState();
  expect(origins[0]?.localStorage.map(({ name }) => name)).toContain('drydock.machines');

  await using stranger = await browser.newContext({ storageState: { origins, cookies: [] }, baseURL, locale: 'en' });
  const theirs = new LessonPage(await stranger.newPage());
  await theirs.open();
  await theirs.stage.getByRole('button', { name: 'Get a fresh machine' }).click();
  await theirs.terminal.prompts('alice@dock:~$');
  await theirs.terminal.finish('ls -a | wc -l; ls private');
  await theirs.terminal.shows(/cannot access 'private'/);
  expect((await theirs.terminal.lines()).join('\n')).not.toContain('secret of mine');
  await lesson.terminal.finish('ls');
  await lesson.terminal.shows('private');
});
