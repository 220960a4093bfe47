/** What the current page says about itself. */
export interface LessonContext {
  readonly lesson: string;
  readonly number: number;
  readonly lab: string | null;
}

export function lessonContext(): LessonContext | null {
  const main = document.querySelector<HTMLElement>('main[data-lesson]');
  if (!main) return null;
  const { lesson = '', number, lab } = main.dataset;
  return { lesson, number: Number(number), lab: lab ?? null };
}
