import { type CollectionEntry, getCollection } from 'astro:content';
import { LOCALES, type Locale } from '../../protocol/text.ts';
import { CURRICULUM } from '../curriculum.ts';
import { lessonPath } from '../locale/paths.ts';
import { checkLessonAgainstLab } from './check-lesson.ts';
import { ContentProblem } from './content-problem.ts';
import type { Lesson } from './lesson.ts';
import { publicLab } from './public-lab.ts';
import { readingMinutes } from './reading-time.ts';

/** Every written lesson of one language, in reading order. */
export async function loadLessons(locale: Locale): Promise<readonly Lesson[]> {
  const entries = await getCollection('lessons');
  for (const entry of entries) refuseStray(entry.id);
  const lessons: Lesson[] = [];
  for (const [index, { id, axes }] of CURRICULUM.entries()) {
    const entry = entryIn(entries, locale, id);
    if (entry) lessons.push(toLesson({ entry, locale, id, axes, number: index + 1 }));
  }
  return lessons;
}

function toLesson(parts: Pick<Lesson, 'entry' | 'locale' | 'id' | 'axes' | 'number'>): Lesson {
  const { entry, locale, id } = parts;
  const file = `content/${entry.id}.mdx`;
  const source = entry.body ?? '';
  const lab = entry.data.lab === undefined ? null : publicLab(entry.data.lab, file);
  checkLessonAgainstLab({ file, source, lab });
  const { title, description } = entry.data;
  return { ...parts, title, description, lab, path: lessonPath(locale, id), readingMinutes: readingMinutes(source) };
}

/** The entry of a lesson in one language; none if the lesson is not written yet; an error if only half of it is. */
function entryIn(entries: CollectionEntry<'lessons'>[], locale: Locale, id: string) {
  const found = entries.find((entry) => entry.id === `${locale}/${id}`);
  const other = LOCALES.find((candidate) => entries.some((entry) => entry.id === `${candidate}/${id}`));
  if (!found && other) {
    throw new ContentProblem({
      file: `content/${locale}/${id}.mdx`,
      problem: `missing, although content/${other}/${id}.mdx exists`,
      fix: 'every lesson is written in every language before it is published',
    });
  }
  return found;
}

function refuseStray(entryId: string): void {
  const id = entryId.split('/')[1] ?? entryId;
  if (CURRICULUM.some((entry) => entry.id === id)) return;
  throw new ContentProblem({
    file: `content/${entryId}.mdx`,
    problem: `lesson "${id}" is not in the curriculum`,
    fix: `add it to src/curriculum.ts, or rename it to one of: ${CURRICULUM.map((entry) => entry.id).join(', ')}`,
  });
}
