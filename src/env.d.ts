/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** Set by the lesson layout, read by the components used inside its MDX. */
    lesson: import('./lessons/lesson.ts').Lesson;
  }
}
