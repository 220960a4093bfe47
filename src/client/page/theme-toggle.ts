import { readPreference, writePreference } from '../dom/preference.ts';

/** The script in <head> paints the theme; this changes it. Choosing what the system has anyway follows the system again. */
export function toggleTheme(): void {
  const root = document.documentElement;
  const theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  const system = matchMedia('(prefers-color-scheme:dark)').matches ? 'dark' : 'light';
  root.dataset.theme = theme;
  writePreference('theme', theme === system && readPreference('theme') ? null : theme);
}
