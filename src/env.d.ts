/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** Set by the lesson layout, read by the components used inside its MDX. */
    lesson: import('./lessons/lesson.ts').Lesson;
    /** Set by the layout of reference pages, read by the components used inside their MDX. */
    locale: import('../protocol/text.ts').Locale;
  }
}
