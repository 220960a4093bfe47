import { formatDuration } from './duration.mjs';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_INTERVAL_MS = 100;
const REWRITE_LINE = '\r\x1b[2K';

/**
 * One live line per step: spinner, elapsed and expected time, what it is doing.
 * @param {{ write(text: string): unknown, columns?: number }} stream
 * @returns {import('./progress.mjs').View}
 */
export function terminalView(stream) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let detail = '';

  /** @param {string} mark @param {import('./progress.mjs').RunningStep} step @param {number} seconds */
  function end(mark, { label, title }, seconds) {
    clearInterval(timer);
    stream.write(`${REWRITE_LINE}${mark} [${label}] ${title}  ${formatDuration(seconds)}\n`);
  }

  return {
    started(step) {
      const startedMs = Date.now();
      let frame = 0;
      detail = '';
      const draw = () => {
        frame = (frame + 1) % FRAMES.length;
        const elapsed = formatDuration(Math.floor((Date.now() - startedMs) / 1000)).replace('.0', '');
        const time = `${elapsed} of about ${formatDuration(step.expectedSeconds)}`;
        const text = `${FRAMES[frame]} [${step.label}] ${step.title}  ${time}  ${detail}`;
        stream.write(REWRITE_LINE + text.slice(0, (stream.columns || 80) - 1));
      };
      draw();
      timer = setInterval(draw, FRAME_INTERVAL_MS);
      timer.unref();
    },
    detail(_step, text) {
      detail = text;
    },
    done: (step, seconds) => end('✔', step, seconds),
    failed: (step, seconds) => end('✖', step, seconds),
  };
}
