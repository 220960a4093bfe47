/** What to call a terminal: its id, and where a lab has several machines also which one it is on: `mallory@kali`. */
export function terminalName(
  id: string,
  terminals: readonly { readonly id: string; readonly machine: string }[],
): string {
  const machine = terminals.find((terminal) => terminal.id === id)?.machine;
  const isAlone = new Set(terminals.map((terminal) => terminal.machine)).size < 2;
  return machine === undefined || isAlone ? id : `${id}@${machine}`;
}
