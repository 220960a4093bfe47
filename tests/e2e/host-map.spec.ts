import { expect, test } from './test.ts';

/** The host map beside the terminal: drawn, as text, and what has just changed in a line. */

test('the map follows what is typed, in the drawing, as text and in a line', async ({ lesson, page }) => {
  const { terminal } = lesson;
  await lesson.begin();
  const map = page.getByRole('region', { name: 'Host map' }).first();
  const box = (id: string) => page.locator(`.map-box[data-map="${id}"]`);
  await expect(box('user alice')).toContainText('group docker');
  await expect(box('/run/docker.sock')).toContainText('root:docker 660');
  await expect(page.locator('.map-lines path')).toHaveCount(4);

  await lesson.tab('olga').click();
  await terminal.prompts('olga@dock:~$');
  await terminal.keyboard.focus();
  await terminal.finish('sudo gpasswd -d alice docker');
  const news = page.getByRole('status').filter({ hasText: 'alice' });
  await expect(news).toHaveText('alice is no longer in the group docker; a login from before still is.');
  await expect(box('user alice')).toContainText('by an old login');
  await expect(box('user alice')).toHaveAttribute('data-tone', 'open');

  await page.getByRole('button', { name: 'As text' }).click();
  await expect(map.getByRole('listitem')).toHaveText([
    'dockerd runs as root. Whoever gives it orders is root on dock.',
    '/run/docker.sock (root:docker, mode 660) is open to root and the group docker. Let in: alice (by an old login); olga (group docker).',
  ]);
  await page.getByRole('link', { name: '简体中文' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'alice' })).toHaveText(
    'alice 已经不在 docker 组里，但有一个旧的登录还在。',
  );
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('the map leaves the terminal its room until it is opened, and is opened again next time', async ({
    lesson,
    page,
  }) => {
    await lesson.open();
    await page.getByRole('button', { name: 'Terminal' }).tap();
    await page.getByRole('button', { name: 'Start the machine' }).tap();
    await lesson.terminal.prompts('alice@dock:~$');
    const toggle = page.getByRole('button', { name: 'Host map' });
    await expect(toggle).toHaveAttribute('aria-expanded', 'false');
    await expect(page.locator('.map-box').first()).toBeHidden();
    await toggle.tap();
    await expect(page.locator('.map-box[data-map="user alice"]')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.reload();
    await page.getByRole('button', { name: 'Terminal' }).tap();
    await expect(toggle).toHaveAttribute('aria-expanded', 'true');
  });
});
