import type { IDisposable, IParser } from '@xterm/xterm';

/**
 * Programs ask terminals questions (who are you, where is the cursor, which colours) and xterm.js answers as if the
 * learner had typed. While old output is replayed after a reload, those answers were given long ago: swallow the
 * questions. Source of the list: xterm.js 6, InputHandler and the services that call triggerDataEvent.
 */
export function guardReplay(parser: IParser, isReplaying: () => boolean): IDisposable[] {
  const swallow = () => isReplaying();
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
  const colourQuery = (data: string) => isReplaying() && data.includes('?');
  return [
    ...csi.map((id) => parser.registerCsiHandler(id, swallow)),
    ...[4, 10, 11, 12].map((code) => parser.registerOscHandler(code, colourQuery)),
    parser.registerEscHandler({ final: 'Z' }, swallow),
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow),
    parser.registerDcsHandler({ intermediates: '+', final: 'q' }, swallow),
  ];
}
