import { Transform } from 'node:stream';

const MIB = 1024 * 1024;
const REPORT_EVERY_BYTES = 16 * MIB;

/** Passes bytes on and says now and then how many have gone by, of about `total`. */
export function countBytes(total: number, report: (line: string) => void): Transform {
  let sent = 0;
  let told = 0;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      sent += bytes.length;
      if (sent - told >= REPORT_EVERY_BYTES) {
        told = sent;
        report(`${Math.floor(sent / MIB)} of ${Math.ceil(total / MIB)} MiB`);
      }
      done(null, bytes);
    },
  });
}
