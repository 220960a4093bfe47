import { type CollectionEntry, getCollection } from 'astro:content';
import { LOCALES, type Locale } from '../../protocol/text.ts';
import { ContentProblem } from '../lessons/content-problem.ts';
import { referencePath } from '../locale/paths.ts';

/** What stands beside the lessons, in the order of the site's footer. */
export const REFERENCES = ['choose-your-defence', 'incidents', 'glossary'] as const;

export interface Reference {
  readonly id: string;
  readonly locale: Locale;
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly entry: CollectionEntry<'references'>;
}

/** Every reference page of one language. Throws a ContentProblem for a file too many or too few. */
export async function loadReferences(locale: Locale): Promise<readonly Reference[]> {
  const entries = await getCollection('references');
  refuseStray(entries.map(({ id }) => id));
  return REFERENCES.map((id) => {
    const entry = entries.find((candidate) => candidate.id === `${locale}/reference/${id}`);
    if (!entry) {
      throw new ContentProblem({
        file: `content/${locale}/reference/${id}.mdx`,
        problem: 'missing',
        fix: 'write it, or take it out of src/references/load-references.ts',
      });
    }
    const { title, description } = entry.data;
    return { id, locale, path: referencePath(locale, id), title, description, entry };
  });
}

function refuseStray(ids: readonly string[]): void {
  const known = LOCALES.flatMap((locale) => REFERENCES.map((id) => `${locale}/reference/${id}`));
  const stray = ids.find((id) => !known.includes(id));
  if (stray === undefined) return;
  throw new ContentProblem({
    file: `content/${stray}.mdx`,
    problem: 'no page of the site is made from it',
    fix: `add it to src/references/load-references.ts, or rename it to one of: ${REFERENCES.join(', ')}`,
  });
}
