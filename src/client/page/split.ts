import { readPreference, writePreference } from '../dom/preference.ts';

const MIN = 25;
const MAX = 70;
const STEP = 2;
const DEFAULT = 46;

/** Width of the dock in percent of the window, kept in this browser. */
export function applySplit(): void {
  show(Number(readPreference('split')) || DEFAULT);
}

function show(percent: number): void {
  document.documentElement.style.setProperty('--dock-width', `${percent}%`);
  document.querySelector('[data-divider]')?.setAttribute('aria-valuenow', String(Math.round(percent)));
}

function choose(percent: number): void {
  const within = Math.min(MAX, Math.max(MIN, percent));
  show(within);
  writePreference('split', within.toFixed(1));
}

/** Pointer capture keeps the drag alive over the terminal and outside the window. */
export function startDrag(divider: HTMLElement, event: PointerEvent): void {
  if (event.button !== 0) return;
  event.preventDefault();
  divider.focus({ preventScroll: true });
  divider.setPointerCapture(event.pointerId);
  divider.dataset.dragging = '';
  const move = (moved: PointerEvent) => choose((1 - moved.clientX / document.documentElement.clientWidth) * 100);
  const end = () => {
    delete divider.dataset.dragging;
    divider.removeEventListener('pointermove', move);
  };
  divider.addEventListener('pointermove', move);
  divider.addEventListener('lostpointercapture', end, { once: true });
}

export function moveByKey(event: KeyboardEvent): void {
  const now = Number(readPreference('split')) || DEFAULT;
  const target: Readonly<Record<string, number>> = {
    ArrowLeft: now + STEP,
    ArrowRight: now - STEP,
    Home: MAX,
    End: MIN,
    Enter: DEFAULT,
  };
  const percent = target[event.key];
  if (percent === undefined) return;
  event.preventDefault();
  choose(percent);
}
