import { expect, test } from './test.ts';

/** Everything a learner does in lesson 4, on a real machine. */

test('a learner takes over the machine, closes the door, and sees the same attack fail', async ({ lesson, page }) => {
  const { terminal } = lesson;
  await page.goto('/en/');
  await page.getByRole('link', { name: 'Begin with this lesson' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who the daemon is');
  await lesson.open();
  await page.getByRole('button', { name: 'Start the machine' }).click();
  await terminal.prompts('alice@dock:~$');

  await test.step('explore, by pressing Run', async () => {
    await lesson.run('head -c 200 version.json');
    await lesson.passes('look', 'asked-by-hand');
    await expect(lesson.verdictOn('look')).toHaveText('Done');
  });

  await test.step('a question: wrong, told why, and right', async () => {
    await lesson.answer('who-may', 'olga alone, who runs the machine');
    await expect(lesson.question('who-may', 'failed').locator('dd')).toHaveText([
      'The accounts that may read and write /var/run/docker.sock, all of them and no others.',
      /^Not her alone\. /,
      'ls -l /var/run/docker.sock tells you the group, getent group docker who is in it.',
    ]);
    await lesson.answer('who-may', 'alice and olga');
    await expect(lesson.question('who-may', 'passed')).toContainText('Right. To the socket, all members');
    await expect(lesson.question('who-may').locator('[data-result]')).toBeFocused();
    await expect(page).toHaveURL(/\/lessons\/docker-group\/$/);
  });

  await test.step('attack, by pressing Run', async () => {
    await expect(lesson.verdictOn('take-root')).toHaveText('');
    await lesson.run('cat loot.txt');
    await lesson.passes('take-root', 'loot', 'secret-closed');
    await expect(lesson.verdictOn('take-root')).toHaveText('Done');
  });

  await test.step('explore what is left behind, as another user', async () => {
    await lesson.run('sudo journalctl -t sudo');
    await expect(lesson.tab('olga')).toHaveAttribute('aria-selected', 'true');
    await lesson.passes('traces', 'sudo-line');
  });

  await test.step('defend by half: the list is changed, the open login is not', async () => {
    await lesson.run('sudo gpasswd -d alice docker');
    await terminal.shows('Removing user alice from group docker');
    await lesson.passes('close-the-door', 'members', 'no-back-door', 'socket', 'daemon', 'operator');
    await expect(lesson.check('close-the-door', 'old-logins', 'failed')).toBeVisible();
    const [expected, seen, tryThis] = await lesson.report('close-the-door', 'old-logins');
    expect(expected).toBe('No process has the group docker, except root’s and olga’s.');
    expect(seen).toMatch(
      /^Terminal alice still has the group docker: bash\(\d+\)\. Groups are handed out at login; a new list does not change a login that is open\.$/,
    );
    expect(tryThis).toMatch(/^Type exit in alice’s terminal, /);
    await expect(lesson.check('close-the-door', 'attack')).not.toHaveAttribute('data-status', 'passed');
    await expect(lesson.verdictOn('close-the-door')).toHaveText('');
  });

  await test.step('defend in full: log out, log in again with the groups of today', async () => {
    await lesson.tab('alice').click();
    await terminal.keyboard.focus();
    await terminal.type('exit');
    await expect(lesson.ended('alice')).toBeVisible();
    await expect(terminal.panel.locator('.shell-ended')).toContainText('The shell has ended.');
    await page.keyboard.press('Enter');
    await terminal.prompts('alice@dock:~$');
    await lesson.run('id', 'docker ps');
    await terminal.shows(/^uid=1000\(alice\) gid=1000\(alice\) groups=1000\(alice\)$/);
    await terminal.shows(/^permission denied while trying to connect to the Docker daemon/);
    await lesson.passes('close-the-door', 'members', 'old-logins', 'no-back-door', 'socket', 'daemon', 'operator');
  });

  await test.step('the server attacks again by itself, and fails', async () => {
    await lesson.passes('close-the-door', 'use', 'attack');
    await expect(lesson.check('close-the-door', 'attack').locator('dd')).toHaveText(
      /^Logged in as alice \(groups: alice\), ran docker run -v/,
    );
    await expect(lesson.verdictOn('close-the-door')).toHaveText('Done');
    await terminal.keyboard.focus();
    await terminal.finish(
      'clear; docker run --rm -v /:/host local/busybox cat /host/root/secret.txt > again.txt; wc -c again.txt',
    );
    await terminal.shows('0 again.txt');
  });

  await test.step('reset: another machine, nothing left over, what was earned stays', async () => {
    await terminal.finish('clear; touch left-behind; ls');
    await terminal.shows('again.txt  left-behind  loot.txt  version.json');
    await lesson.confirm('Reset');
    await terminal.prompts('alice@dock:~$');
    await expect.poll(() => terminal.lines()).toEqual(['alice@dock:~$']);
    await expect(terminal.keyboard).toBeFocused();
    await terminal.finish('ls -A | grep -v "^\\.[bp]"; id -Gn');
    await terminal.shows('alice docker');
    expect((await terminal.lines()).join('\n')).not.toMatch(/again|left-behind|loot|version/);
    for (const step of ['look', 'take-root', 'close-the-door']) await expect(lesson.verdictOn(step)).toHaveText('Done');
    await expect(lesson.check('take-root', 'loot')).not.toHaveAttribute('data-status', 'passed');
    await page.reload();
    await expect(lesson.question('who-may', 'passed').getByRole('radio', { name: 'alice and olga' })).toBeChecked();
    await terminal.prompts('alice@dock:~$');
  });

  await test.step('stop', async () => {
    await lesson.confirm('Stop');
    await expect(lesson.stage.getByRole('heading')).toHaveText('The machine is stopped');
    await expect(lesson.stage.getByRole('button')).toHaveText('Get a fresh machine');
  });
});

test('a reader of Chinese types everything: a wrong guess, a hint, the solution, the secret', async ({ lesson }) => {
  const { terminal } = lesson;
  await lesson.open({ locale: 'zh-cn' });
  await lesson.page.getByRole('button', { name: '启动机器' }).click();
  await terminal.prompts('alice@dock:~$');
  await expect(terminal.keyboard).toBeFocused();

  await terminal.type('curl -s --unix-socket /var/run/docker.sock http://localhost/version > version.json');
  await lesson.passes('look', 'asked-by-hand');
  await expect(lesson.verdictOn('look')).toHaveText('已完成');

  const question = lesson.question('next-mode');
  await question.getByRole('textbox').fill('600');
  await question.getByRole('textbox').press('Enter');
  await expect(lesson.question('next-mode', 'failed')).toContainText('重启之后不会是“600”。');
  await question.getByRole('textbox').fill('６６０');
  await question.getByRole('button', { name: '回答' }).click();
  await expect(lesson.question('next-mode', 'passed')).toContainText('取自 SocketMode=');

  await terminal.keyboard.focus();
  await terminal.type('echo guess > loot.txt');
  await expect(lesson.check('take-root', 'loot', 'failed')).toContainText('loot.txt 的开头是“guess”');
  expect(await lesson.report('take-root', 'loot')).toEqual([
    '/home/alice/loot.txt 里是 /root/secret.txt 的内容。',
    'loot.txt 的开头是“guess”，不是这台机器的秘密。',
    '每台机器的秘密都不一样，重置之后也会变。在现在这台机器上再读一次。',
  ]);
  const step = lesson.step('take-root');
  await step.getByRole('button', { name: '提示 1/3' }).click();
  await expect(step.getByRole('listitem').filter({ hasText: '守护进程是 root' })).toBeVisible();
  await expect(step.getByRole('button', { name: '提示 2/3' })).toBeVisible();
  await step.getByRole('button', { name: '看解法' }).click();
  await expect(step.locator('[data-solution]')).toContainText('docker run --rm -v /:/host local/busybox');

  await terminal.keyboard.focus();
  await terminal.type('docker run --rm -v /:/host local/busybox cat /host/root/secret.txt > loot.txt');
  await lesson.passes('take-root', 'loot', 'secret-closed');
  await expect(lesson.verdictOn('take-root')).toHaveText('已完成');
});
