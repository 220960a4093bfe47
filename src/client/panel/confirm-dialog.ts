import { button, element } from '../dom/element.ts';
import { strings } from '../strings/strings.ts';

export interface Question {
  readonly title: string;
  readonly text: string;
  readonly action: string;
}

/** Asks before something is lost. Resolves true for the action; Escape and Cancel are no. */
export function confirmDialog({ title, text, action }: Question): Promise<boolean> {
  const dialog = element('dialog', { class: 'confirm', 'aria-labelledby': 'confirm-title' });
  const cancel = button(strings().dialog.cancel, () => dialog.close(), { autofocus: true });
  const confirm = button(action, () => dialog.close('yes'), { class: 'button button-danger' });
  dialog.append(
    element('h2', { id: 'confirm-title' }, title),
    element('p', {}, text),
    element('div', {}, cancel, confirm),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
