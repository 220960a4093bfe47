const PIECE_BYTES = 4 * 1024;
/** The dearest sequence takes some 15 ms in the largest terminal, an honest one a thousandth of a millisecond. */
const PIECE_SEQUENCES = 16;
const ESC = 0x1b;
/** UTF-8 of U+0080 to U+00BF begins with it: sequences can be begun by one character in place of two. */
const C1 = 0xc2;

/** Cuts output, anywhere, so that none of the pieces holds many control sequences: these decide what it costs. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  let sequences = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const isBeginning = bytes[index] === ESC || bytes[index] === C1;
    if ((isBeginning && sequences === PIECE_SEQUENCES) || index - from === PIECE_BYTES) {
      yield bytes.subarray(from, index);
      from = index;
      sequences = 0;
    }
    if (isBeginning) sequences += 1;
  }
  if (from < bytes.length) yield bytes.subarray(from);
}
