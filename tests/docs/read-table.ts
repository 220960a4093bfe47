/** The cells of a page's table whose first column has this head, backquotes taken off. */
export function readTable(docs: string, head: string): string[][] {
  const start = docs.search(new RegExp(`^\\| ${head} `, 'm'));
  const [block = ''] = docs.slice(start).split('\n\n');
  return block
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}
