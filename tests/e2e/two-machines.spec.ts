import { expect, test } from './test.ts';

/** Lesson 2 has two machines, and whoever reads it always sees on which of them something is to be typed. */

test('blocks, tabs and prompts name the machine, and what runs on one is seen on the other', async ({
  lesson,
  page,
}) => {
  const { terminal } = lesson;
  await page.goto('/en/lessons/exposed-api/');
  await expect(page.locator('.dock-users li')).toHaveText(['mallory@kali', 'olga@dock']);
  await expect(page.locator('.prose .fence-label').first()).toHaveText('mallory@kali');
  await expect(page.locator('.dock-idle h2')).toHaveText('Machines of your own');
  await page.getByRole('button', { name: 'Start the machines' }).click();
  await terminal.prompts('mallory@kali:~$');
  await expect(page.getByRole('tab')).toHaveText([/^mallory@kali/, /^olga@dock/]);

  await lesson.run('inspect shop > shop.json');
  await lesson.passes('find', 'found');
  await expect(lesson.verdictOn('find')).toHaveText('Done');

  await lesson.run('ps -o args -C dockerd');
  await expect(page.getByRole('tab', { name: /^olga/ })).toHaveAttribute('aria-selected', 'true');
  await lesson.run('opened-by.txt');
  await terminal.shows('/etc/systemd/system/docker.service.d/remote.conf');
  // Two attacks were left out: a step out of turn is checked all the same.
  await lesson.passes('find-the-listener', 'opened-by');

  const step = lesson.step('close-the-port');
  await step.getByRole('button', { name: 'Solution' }).click();
  await expect(step.locator('[data-solution] .fence-label')).toHaveText(['olga@dock', 'mallory@kali']);

  await lesson.tool('Stop').click();
  await expect(page.getByRole('dialog')).toContainText('Stop these machines?');
});
