import { Duplex } from 'node:stream';

/** In front of what a program without a terminal prints: which of its outputs (1 byte), nothing (3), length (4). */
const HEADER_BYTES = 8;
const STDOUT = 1;
const STDERR_KEPT = 2_000;

/** Standard input and output of a program in a container as one stream, from the engine's, which has standard error in it. */
export class DemuxedExec extends Duplex {
  readonly #raw: Duplex;
  #header = Buffer.alloc(0);
  #output = 0;
  #left = 0;
  #said = '';
  #hasEnded = false;

  constructor(raw: Duplex) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    raw.on('data', (data: Buffer) => this.#take(data));
    raw.on('error', (error) => this.destroy(error));
    // What has come is still to be read.
    raw.once('end', () => this.#end());
    raw.once('close', () => this.#end());
    this.once('end', () => this.destroy());
  }

  /** The end of what it wrote to standard error. */
  get said(): string {
    return this.#said;
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#raw.write(bytes, done);
  }

  override _final(done: () => void): void {
    this.#raw.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.push(null);
  }

  #take(data: Buffer): void {
    let rest = data;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const missing = HEADER_BYTES - this.#header.length;
        this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#header.length < HEADER_BYTES) return;
        this.#output = this.#header.readUInt8(0);
        this.#left = this.#header.readUInt32BE(4);
        this.#header = Buffer.alloc(0);
        continue;
      }
      const piece = rest.subarray(0, this.#left);
      this.#left -= piece.length;
      rest = rest.subarray(piece.length);
      if (this.#output !== STDOUT) this.#said = (this.#said + piece.toString('utf8')).slice(-STDERR_KEPT);
      else if (!this.push(piece)) this.#raw.pause();
    }
  }
}
