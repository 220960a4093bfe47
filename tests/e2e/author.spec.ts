import { type Browser, test as base, expect } from '@playwright/test';
import { AuthorSite } from './author-site.ts';
import { TerminalScreen } from './terminal-screen.ts';

const LAB = 'labs/docker-group';

const test = base.extend<object, { site: AuthorSite }>({
  site: [
    async ({ browser }, use) => {
      await using site = await AuthorSite.start();
      await loadOnce(browser, site.origin);
      await use(site);
    },
    { scope: 'worker' },
  ],
});

/** What Astro wrote while it started reaches the first page that connects, as a demand to load itself again. */
async function loadOnce(browser: Browser, url: string): Promise<void> {
  await using page = await browser.newPage();
  const connected = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));
  await page.goto(url);
  await connected;
}

test('what an author saves is in force at once, in the machine that is there, and the panel shows what it did', async ({
  page,
  site,
}) => {
  await page.goto(`${site.origin}/en/lessons/docker-group/`);
  const terminal = new TerminalScreen(page);
  await page.locator('[data-start]').click();
  await terminal.prompts('alice@dock:~$');
  await terminal.type('echo still here');
  const author = page.locator('[data-author]');

  await test.step('a script that is saved is asked anew', async () => {
    await author.getByRole('button', { name: 'Author' }).click();
    await author.locator('[data-subject="checks/asked-by-hand.sh"]').click();
    await expect(author.locator('.author-runs')).toContainText('It has not been run in this sandbox.');
    site.edit(`${LAB}/checks/asked-by-hand.sh`, (text) => `# edited\n${text}`);
    const run = author.locator('.author-run').first();
    await expect(run).toContainText('exit 1');
    await expect(run).toContainText('the learner sees');
    await expect(page.locator('[data-step="look"] [data-check="asked-by-hand"]')).toHaveAttribute(
      'data-status',
      'failed',
    );
  });

  await test.step('a button runs a script', async () => {
    await author.locator('[data-subject="steps/close-the-door/verdict/attack.sh"]').click();
    await author.getByRole('button', { name: 'Run now' }).click();
    await expect(author.locator('.author-run').first()).toContainText('passed');
  });

  await test.step('a text that is saved is on the page, and the terminal is still there', async () => {
    site.edit(`${LAB}/lab.yaml`, (text) => text.replace(/(line:\n\s+zh-cn: .+\n\s+en: ).+/, '$1A line of an author'));
    await expect(page.locator('[data-step="look"]')).toContainText('A line of an author');
    await terminal.shows('still here');
  });

  await test.step('a mistake is named with its place and its mending, and the lab stays as it was', async () => {
    const right = { text: '' };
    site.edit(`${LAB}/lab.yaml`, (text) => {
      right.text = text;
      return text.replace('kind: explore', 'kind: exlpore');
    });
    await site.said(/^labs\/docker-group\/lab\.yaml:\d+:\d+$/);
    await site.said(/as it was before stays in force/);
    await expect(author).toContainText('must be one of explore, attack, defend');
    await expect(author).toContainText('kind: explore');
    await page.reload();
    await expect(page.locator('[data-step="look"]')).toContainText('A line of an author');
    await expect(author.getByRole('button', { name: 'Author: 1 problem' })).toBeVisible();
    site.edit(`${LAB}/lab.yaml`, () => right.text);
    await expect(author.getByRole('button', { name: 'Author', exact: true })).toBeVisible();
  });

  await test.step('another setup.sh is in the next sandbox', async () => {
    site.edit(`${LAB}/setup.sh`, (text) => `${text}\n: more\n`);
    await site.said(/Reset gets one/);
    await terminal.shows('still here');
    await author.locator('[data-author-reset]').click();
    await expect(author.locator('[data-author-reset]')).toHaveCount(0);
    await expect.poll(() => terminal.lines()).not.toContain('still here');
  });

  await test.step('a new lab is known', async () => {
    site.copy(LAB, 'labs/brand-new');
    await site.said(/^brand-new: a new lab\.$/);
  });
});
