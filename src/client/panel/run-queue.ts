import type { AttemptState } from '../../../protocol/state.ts';
import { strings } from '../strings/strings.ts';
import type { Panel } from './panel.ts';

export interface Command {
  readonly terminal: string;
  readonly code: string;
}

/** Commands whose Run button was pressed, until there is a machine to type them into. */
export class RunQueue {
  readonly #panel: Panel;
  #commands: Command[] = [];

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  add(command: Command): void {
    this.#commands.push(command);
  }

  clear(): void {
    this.#commands = [];
  }

  flush(state: AttemptState | null): void {
    if (state?.phase.kind !== 'running') return;
    const commands = this.#commands;
    this.#commands = [];
    for (const command of commands) this.#type(command, state.terminals);
  }

  #type({ terminal, code }: Command, terminals: AttemptState['terminals']): void {
    const shell = terminals.find(({ id }) => id === terminal);
    if (!shell) return;
    this.#panel.select(terminal);
    if (shell.status === 'closed') this.#panel.toast(strings().terminal.shellEndedSpoken(shell.user));
    else this.#panel.deck.view(terminal)?.enterLines(code);
    this.#panel.focusTerminal();
  }
}
