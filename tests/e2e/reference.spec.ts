import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test.ts';

const CONTENT = join(import.meta.dirname, '../../content');
const names = (pattern: string) => globSync(pattern, { cwd: CONTENT }).map((file) => basename(file, '.mdx'));
const SHEETS = names('en/sheets/*.mdx').flatMap((lesson) => [
  `/lessons/${lesson}/sheet/`,
  `/en/lessons/${lesson}/sheet/`,
]);
const REFERENCES = names('en/reference/*.mdx').flatMap((page) => [`/reference/${page}/`, `/en/reference/${page}/`]);

test('a cheat sheet prints on one page, in both languages', async ({ page }) => {
  expect(SHEETS.length).toBeGreaterThan(0);
  for (const path of SHEETS) {
    await page.goto(path);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g), path).toHaveLength(1);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('axe finds nothing on cheat sheets and reference pages', async ({ page }) => {
      for (const path of [...SHEETS, ...REFERENCES]) {
        await page.goto(path);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ help, nodes }) => `${help}: ${nodes[0]?.html}`),
          path,
        ).toEqual([]);
      }
    });
  });
}
