import type { Page } from '@playwright/test';
import { readLessons } from '../lessons/fences.ts';
import { expect, test } from './test.ts';

const LESSONS = readLessons()
  .filter(({ figures }) => figures.length > 0)
  .map(({ id, locale }) => `${locale === 'en' ? '/en' : ''}/lessons/${id}/`);
const PHONE = { width: 360, height: 740 };
const SMALLEST_TEXT_PX = 12;

/** What would make a drawing hard to read: small text, text outside its box or the drawing, text over text. */
async function unreadable(page: Page): Promise<string[]> {
  return page.locator('.figure svg').evaluateAll((drawings, smallest) => {
    const found: string[] = [];
    for (const drawing of drawings as SVGSVGElement[]) {
      const sheet = drawing.getBoundingClientRect();
      const scale = sheet.width / drawing.viewBox.baseVal.width;
      const texts = [...drawing.querySelectorAll('text')].map((text) => ({
        words: text.textContent ?? '',
        px:
          Math.min(...[text, ...text.children].map((part) => Number.parseFloat(getComputedStyle(part).fontSize))) *
          scale,
        inner: text.closest('.box, .door')?.querySelector('rect')?.getBoundingClientRect() ?? sheet,
        at: text.getBoundingClientRect(),
      }));
      for (const [index, { words, px, inner, at }] of texts.entries()) {
        if (px < smallest) found.push(`${words} is ${px} px high`);
        if (at.left < inner.left || at.right > inner.right || at.top < sheet.top || at.bottom > sheet.bottom + 1)
          found.push(`${words} sticks out`);
        for (const { words: other, at: there } of texts.slice(index + 1)) {
          const isAcross = at.left < there.right && there.left < at.right;
          if (isAcross && at.top + 3 < there.bottom - 3 && there.top + 3 < at.bottom - 3)
            found.push(`${words} stands on ${other}`);
        }
      }
    }
    return found;
  }, SMALLEST_TEXT_PX);
}

test('figures can be read on a phone 360 pixels wide, in both languages', async ({ page }) => {
  expect(LESSONS.length).toBeGreaterThan(2);
  await page.setViewportSize(PHONE);
  for (const path of LESSONS) {
    await page.goto(path);
    expect(await unreadable(page), path).toEqual([]);
    const width = await page
      .locator('.figure')
      .first()
      .evaluate((figure) => figure.scrollWidth);
    expect(width, path).toBeLessThan(PHONE.width);
  }
});

test('a drawing with text that is too small and too long is found', async ({ page }) => {
  await page.setViewportSize(PHONE);
  await page.goto(LESSONS[0] ?? '');
  await page.addStyleTag({ content: '.figure .box text { font-size: 8px } .figure .door tspan { font-size: 40px }' });
  const found = (await unreadable(page)).join('\n');
  expect(found).toContain(' px high');
  expect(found).toContain(' sticks out');
});

test('a figure tells in words what it shows, and has a name', async ({ page }) => {
  for (const path of LESSONS) {
    await page.goto(path);
    for (const figure of await page.locator('.figure').all()) {
      const title = (await figure.locator('figcaption b').textContent()) ?? '';
      await expect(figure.getByRole('img', { name: title })).toBeVisible();
    }
  }
});

test.describe('in the dark theme', () => {
  test.use({ colorScheme: 'dark' });

  test('a lesson prints dark on white, its figures too', async ({ page }) => {
    await page.goto(LESSONS[0] ?? '');
    const box = page.locator('.figure .box rect').first();
    const fill = () => box.evaluate((rect) => getComputedStyle(rect).fill);
    const screen = await fill();
    await page.emulateMedia({ media: 'print' });
    expect(await fill()).not.toBe(screen);
    expect(await fill()).toBe('rgb(255, 255, 255)');
  });

  test('code is printed in the light colours, and shown in the dark ones again', async ({ page }) => {
    await page.goto(LESSONS[0] ?? '');
    const code = page.locator('.fence-command pre').first();
    const shade = () => code.evaluate((pre) => getComputedStyle(pre).backgroundColor);
    const screen = await shade();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await shade()).toBe('rgb(255, 255, 255)');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await shade()).toBe(screen);
  });
});
