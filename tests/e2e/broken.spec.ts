import { expect, test } from './test.ts';

test('a machine without /usr is said to be broken, in the reader’s language, and is replaced in the same place', async ({
  lesson,
  page,
}) => {
  const { terminal } = lesson;
  const notice = page.locator('.impairment');
  await lesson.begin();
  await expect(notice).toBeHidden();
  await lesson.tab('olga').click();
  await terminal.prompts('olga@dock:~$');
  await terminal.keyboard.focus();
  await terminal.type('sudo rm -rf /usr');
  await expect(notice).toContainText('The system in this machine is broken');
  await lesson.step('look').getByRole('button', { name: 'Check now' }).click();
  await expect(lesson.check('look', 'asked-by-hand', 'errored')).toContainText('programs no longer start');

  await page.getByRole('link', { name: '简体中文' }).click();
  await expect(notice).toContainText('机器里的系统坏了');
  await notice.getByRole('button', { name: '重置' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '重置' }).click();
  await expect(notice).toBeHidden();
  await lesson.tab('alice').click();
  await terminal.prompts('alice@dock:~$');
  await expect(lesson.check('look', 'asked-by-hand', 'pending')).toBeVisible();
});
