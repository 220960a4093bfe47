import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './test.ts';

/** What axe can see of WCAG 2.2 AA, on the pages as they are used. */
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function findings(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('axe finds nothing on the home page, nor on a lesson with a machine at work', async ({ lesson, page }) => {
      await page.goto('/en/');
      expect(await findings(page)).toEqual([]);
      await lesson.open();
      expect(await findings(page)).toEqual([]);
      await lesson.page.locator('[data-start]').click();
      await lesson.terminal.prompts('alice@dock:~$');
      await lesson.terminal.type('echo guess > loot.txt; exit');
      await expect(lesson.check('look', 'asked-by-hand', 'failed')).toBeVisible();
      await expect(lesson.ended('alice')).toBeVisible();
      await lesson.step('look').getByRole('button', { name: 'Hint 1/2' }).click();
      await lesson.step('look').getByRole('button', { name: 'Solution' }).click();
      await expect(lesson.step('look').locator('[data-solution]')).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await lesson.tool('Stop').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}
