import { codeBeside, copyCode } from './page/code-buttons.ts';
import { type LessonContext, lessonContext } from './page/lesson-context.ts';
import { keepSheet, setSheet, toggleSheet } from './page/sheet.ts';
import { applySplit, moveByKey, startDrag } from './page/split.ts';
import { toggleTheme } from './page/theme-toggle.ts';
import { rememberedSandbox } from './session/remembered-labs.ts';

/**
 * Runs once per visit and stays through client-side navigation, so everything is delegated. The machine (session,
 * panel, steps, xterm.js) is loaded only when one is wanted.
 */
type Machine = typeof import('./machine.ts')['machine'];
let machine: Machine | undefined;

async function withMachine(use: (machine: Machine, context: LessonContext) => void): Promise<void> {
  machine ??= (await import('./machine.ts')).machine;
  const context = lessonContext();
  if (context) use(machine, context);
}

/**
 * The code could not be fetched. Either the site was updated under this page, and a reload brings the new one; or the
 * server is out of reach, and then a reload would take the lesson away as well.
 */
async function recover(): Promise<void> {
  const reachable = await fetch(location.href, { method: 'HEAD', cache: 'no-store' }).then(
    () => true,
    () => false,
  );
  if (reachable) location.reload();
  else document.querySelector('[data-unreachable]')?.removeAttribute('hidden');
}

function start(): void {
  setSheet(true);
  withMachine((loaded, context) => loaded.start(context)).catch(recover);
}

function run(button: HTMLElement): void {
  const { run: terminal = '' } = button.dataset;
  setSheet(true);
  const command = { terminal, code: codeBeside(button) };
  withMachine((loaded, context) => loaded.run(context, command)).catch(recover);
}

const CLICKS: Readonly<Record<string, (target: HTMLElement) => void>> = {
  '[data-theme-toggle]': toggleTheme,
  '[data-copy]': (target) => void copyCode(target),
  '[data-run]': run,
  '[data-start]': start,
  '[data-sheet-toggle]': toggleSheet,
};

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  for (const [selector, act] of Object.entries(CLICKS)) {
    const found = target.closest<HTMLElement>(selector);
    if (found) return act(found);
  }
});
document.addEventListener('pointerdown', (event) => {
  const divider = (event.target as Element).closest<HTMLElement>('[data-divider]');
  if (divider) startDrag(divider, event);
});
document.addEventListener('keydown', (event) => {
  if ((event.target as Element).matches('[data-divider]')) moveByKey(event);
});
document.addEventListener('astro:after-swap', () => {
  applySplit();
  keepSheet();
});
document.addEventListener('astro:page-load', () => {
  applySplit();
  const context = lessonContext();
  const wanted = machine ?? (context?.lab != null && rememberedSandbox(context.lab) !== undefined);
  if (wanted) void withMachine((loaded, shown) => loaded.pageChanged(shown));
});
