/**
 * The terminals' colours; every ANSI colour stands out from the background by 4.5 : 1 or is lifted by xterm.js. The
 * server has them too, because it is the one who answers programs that ask.
 */
export const PALETTE = {
  background: '#0c1418',
  foreground: '#dfe7ea',
  cursor: '#e88c73',
  cursorAccent: '#0c1418',
  selectionBackground: '#2f5563',
  black: '#1e2c34',
  red: '#e8806a',
  green: '#7cc796',
  yellow: '#e0b566',
  blue: '#74b3d8',
  magenta: '#c79bd2',
  cyan: '#70c5c9',
  white: '#cfd9dd',
  brightBlack: '#7b8d96',
  brightRed: '#f2a08d',
  brightGreen: '#9ddab1',
  brightYellow: '#edcb88',
  brightBlue: '#9bcbe8',
  brightMagenta: '#dab8e2',
  brightCyan: '#98dadd',
  brightWhite: '#f3f7f8',
} as const;
