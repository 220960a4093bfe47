import type { Locale } from '../../protocol/text.ts';
import type { Lesson } from './lesson.ts';
import { loadLessons } from './load-lessons.ts';

export interface LessonRoute {
  readonly params: { readonly lesson: string };
  readonly props: { readonly lesson: Lesson; readonly previous: Lesson | null; readonly next: Lesson | null };
}

/** One page per lesson, each knowing its neighbours. */
export async function lessonRoutes(locale: Locale): Promise<LessonRoute[]> {
  const lessons = await loadLessons(locale);
  return lessons.map((lesson, index) => ({
    params: { lesson: lesson.id },
    props: { lesson, previous: lessons[index - 1] ?? null, next: lessons[index + 1] ?? null },
  }));
}
