import { type CollectionEntry, getCollection } from 'astro:content';
import type { Locale } from '../../protocol/text.ts';
import { ContentProblem } from './content-problem.ts';
import type { Lesson } from './lesson.ts';
import { loadLessons } from './load-lessons.ts';

export interface SheetRoute {
  readonly params: { readonly lesson: string };
  readonly props: { readonly lesson: Lesson; readonly sheet: CollectionEntry<'sheets'> };
}

/** One page per lesson, to print. Throws a ContentProblem for a lesson without a sheet, and for a sheet without a lesson. */
export async function sheetRoutes(locale: Locale): Promise<SheetRoute[]> {
  const [lessons, entries] = await Promise.all([loadLessons(locale), getCollection('sheets')]);
  const sheets = entries.filter(({ id }) => id.startsWith(`${locale}/`));
  const stray = sheets.find(({ id }) => !lessons.some((lesson) => id === sheetId(lesson)));
  if (stray) {
    throw new ContentProblem({
      file: `content/${stray.id}.mdx`,
      problem: 'there is no lesson of that name',
      fix: `rename it to one of: ${lessons.map(({ id }) => id).join(', ')}`,
    });
  }
  return lessons.map((lesson) => {
    const sheet = sheets.find(({ id }) => id === sheetId(lesson));
    if (sheet) return { params: { lesson: lesson.id }, props: { lesson, sheet } };
    throw new ContentProblem({
      file: `content/${sheetId(lesson)}.mdx`,
      problem: 'missing, although its lesson is there',
      fix: 'write what a person wants to look up after the lesson, on one printed page',
    });
  });
}

const sheetId = ({ locale, id }: Lesson): string => `${locale}/sheets/${id}`;
