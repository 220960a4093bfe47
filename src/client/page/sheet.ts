let open = false;

/** On narrow windows the dock is a sheet at the bottom. Whether it is open survives navigation. */
export function setSheet(next: boolean): void {
  open = next;
  const dock = document.querySelector('[data-dock]');
  dock?.toggleAttribute('data-open', open);
  dock?.querySelector('[data-sheet-toggle]')?.setAttribute('aria-expanded', String(open));
}

export function toggleSheet(): void {
  setSheet(!open);
}

export function keepSheet(): void {
  setSheet(open);
}
