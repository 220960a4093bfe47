import { formatDuration } from './duration.mjs';

/** A detail at most this often, so that a log shows life without filling up. */
const DETAIL_INTERVAL_MS = 15_000;

/**
 * Plain lines, for logs and pipes.
 * @param {{ write(text: string): unknown }} stream
 * @param {() => number} [now] milliseconds
 * @returns {import('./progress.mjs').View}
 */
export function lineView(stream, now = Date.now) {
  let lastLineMs = 0;
  /** @param {string} text */
  function line(text) {
    lastLineMs = now();
    stream.write(`${text}\n`);
  }
  return {
    started({ label, title, expectedSeconds }) {
      line(`[step ${label}] ${title} … about ${formatDuration(expectedSeconds)}`);
    },
    detail({ label }, text) {
      if (now() - lastLineMs >= DETAIL_INTERVAL_MS) line(`[step ${label}]   ${text}`);
    },
    done({ label, title }, seconds) {
      line(`[step ${label}] ${title} … done in ${formatDuration(seconds)}`);
    },
    failed({ label, title }, seconds) {
      line(`[step ${label}] ${title} … failed after ${formatDuration(seconds)}`);
    },
  };
}
