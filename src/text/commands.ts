/** Code as the commands that it holds: a line that ends in a backslash goes on in the next one. */
export function commandsIn(lines: readonly string[]): string[] {
  const commands: string[] = [];
  let goesOn = false;
  for (const line of lines) {
    if (goesOn) commands.push(`${commands.pop()}\n${line}`);
    else commands.push(line);
    goesOn = /(?<!\\)(\\\\)*\\$/.test(line);
  }
  return commands;
}
