import { expect, test } from './test.ts';

/** "Start from here": a machine at a later step, for somebody who skips or has gone astray. */

/** Nobody had that machine before: on a slow computer what others typed takes minutes to be typed for it. */
const PREPARED_MS = 4 * 60_000;

test('a learner starts at a later step, finds a prompt, and earns that step alone', async ({ lesson, page }) => {
  test.slow();
  const { terminal } = lesson;
  await lesson.begin();
  await terminal.finish('touch left-behind');

  await test.step('the button asks first; Escape changes nothing', async () => {
    const button = lesson.step('close-the-door').getByRole('button', { name: 'Start from here' });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog').getByRole('heading')).toHaveText('Start from step 5?');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await terminal.shows(/left-behind/);
  });

  await test.step('the machine is replaced by one where the steps before are done', async () => {
    await lesson.step('close-the-door').getByRole('button', { name: 'Start from here' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start from here' }).click();
    await expect(lesson.verdictOn('take-root')).toHaveText('Done for you on this machine', { timeout: PREPARED_MS });
    await expect(lesson.verdictOn('other-ways')).toHaveText('');
    await lesson.passes('take-root', 'loot');
    await expect.poll(() => terminal.lines()).toEqual(['alice@dock:~$']);
  });

  await test.step('it is at work: what was typed for the learner is a key away', async () => {
    await terminal.keyboard.focus();
    await terminal.finish('ls');
    await terminal.shows(/^loot\.txt\s+version\.json$/);
    await terminal.keyboard.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await terminal.shows('alice@dock:~$ cat loot.txt');
    await page.keyboard.press('Control+C');
  });

  await test.step('the step itself is still to be done, and counts', async () => {
    await lesson.run('sudo gpasswd -d alice docker');
    await expect(lesson.check('close-the-door', 'old-logins', 'failed')).toBeVisible();
    await lesson.tab('alice').click();
    await terminal.keyboard.focus();
    await terminal.type('exit');
    await expect(lesson.ended('alice')).toBeVisible();
    await expect(lesson.verdictOn('close-the-door')).toHaveText('Done');
    for (const step of ['look', 'take-root', 'traces']) {
      await expect(lesson.verdictOn(step)).toHaveText('Done for you on this machine');
    }
  });
});
