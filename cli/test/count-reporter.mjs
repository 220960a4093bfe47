/**
 * A reporter for `node --test` that only counts: one line of JSON, from the runner's own summary of all files.
 *
 * @param {AsyncIterable<{ type: string, data: { file?: string, counts?: Record<string, number> } }>} events
 */
export default async function* countReporter(events) {
  for await (const { type, data } of events) {
    // A summary with a file is that file's own.
    if (type === 'test:summary' && data.file === undefined) yield `${JSON.stringify(data.counts)}\n`;
  }
}
