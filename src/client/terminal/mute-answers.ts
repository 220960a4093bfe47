import type { IParser } from '@xterm/xterm';

/** "Tell me when the terminal gets or loses the keyboard": xterm.js tells at once how it stands. */
const REPORT_FOCUS = 1004;

/**
 * Programs ask terminals questions (who are you, where is the cursor, which colours) and xterm.js answers as if the
 * learner had typed. Here the server is the one who answers, once, whoever looks and however often output is sent: a
 * page swallows the questions. Source of the list: xterm.js 6, InputHandler and the services that call
 * triggerDataEvent.
 *
 * Returns whether what xterm.js wants typed right now is such an answer.
 */
export function muteAnswers(parser: IParser): () => boolean {
  const swallow = () => true;
  const csi = [
    { final: 'c' },
    { prefix: '>', final: 'c' },
    { prefix: '=', final: 'c' },
    { final: 'n' },
    { prefix: '?', final: 'n' },
    { intermediates: '$', final: 'p' },
    { prefix: '?', intermediates: '$', final: 'p' },
    { prefix: '>', final: 'q' },
    { prefix: '?', final: 'u' },
    { final: 't' },
  ];
  for (const id of csi) parser.registerCsiHandler(id, swallow);
  for (const code of [4, 10, 11, 12]) parser.registerOscHandler(code, (data) => data.includes('?'));
  parser.registerEscHandler({ final: 'Z' }, swallow);
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow);
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, swallow);
  let isMuted = false;
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
    if (params.includes(REPORT_FOCUS)) {
      isMuted = true;
      // Parsing is over before anybody can press a key.
      queueMicrotask(() => {
        isMuted = false;
      });
    }
    return false;
  });
  return () => isMuted;
}
