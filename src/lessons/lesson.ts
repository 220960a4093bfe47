import type { CollectionEntry } from 'astro:content';
import type { PublicLab } from '../../labs/format/lab.ts';
import type { Locale } from '../../protocol/text.ts';
import type { Axis } from '../curriculum.ts';

/** A lesson in one language, as pages and components see it. */
export interface Lesson {
  readonly id: string;
  /** Its place in the curriculum, from 1. */
  readonly number: number;
  readonly locale: Locale;
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly axes: readonly Axis[];
  readonly readingMinutes: number;
  readonly lab: PublicLab | null;
  readonly entry: CollectionEntry<'lessons'>;
}
