const COPIED_MS = 1500;

/** The code that a Copy or Run button belongs to. */
export function codeBeside(button: Element): string {
  const figure = button.closest('figure');
  const lines = [...(figure?.querySelectorAll('.ec-line .code') ?? [])];
  if (lines.length > 0) return lines.map((line) => (line.textContent ?? '').replace(/\n$/, '')).join('\n');
  return figure?.querySelector('code')?.textContent ?? '';
}

export async function copyCode(button: HTMLElement): Promise<void> {
  const done = await copy(codeBeside(button));
  button.dataset.copied = done ? 'yes' : 'no';
  setTimeout(() => delete button.dataset.copied, COPIED_MS);
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Over plain HTTP on a LAN there is no navigator.clipboard. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
