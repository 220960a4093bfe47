import { INPUT_BUFFER_BYTES } from '../../protocol/limits.ts';

/** Pages whose place in the input is remembered after they went away; any of them may come back. */
const REMEMBERED_PAGES = 64;

/** A piece of one page's input, and where it went in the machine's. */
export interface OrderedInput {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Whose it is; `null` for an answer to a program's question, which is the server's own. */
  readonly page: string | null;
  readonly pageEnd: number;
}

/** Who has typed how much, to be gone on from by a later server. */
export interface TypistsRecord {
  readonly hasForgotten: boolean;
  /** By page: what has been put in order. */
  readonly received: readonly (readonly [page: string, bytes: number])[];
}

interface Typist {
  /** In the page's own count: what has been put in order, and what the machine has applied of it. */
  received: number;
  applied: number;
}

/**
 * Puts the input of all pages of a terminal into one stream for its machine. Each page numbers its own, so that what it
 * sends again after a reconnect is known, whoever else has typed meanwhile.
 */
export class Typists {
  readonly #typists = new Map<string, Typist>();
  /** In order, and not yet applied. */
  #underWay: OrderedInput[] = [];
  #end: number;
  #applied: number;
  /** Somebody's place in the input was forgotten, here or with an earlier server: whoever is not known may be them. */
  #hasForgotten: boolean;

  /**
   * `applied`: input that a machine has had already. `earlier`: what an earlier server knew of whose it was, and of what
   * it had sent since.
   */
  constructor(applied = 0, earlier?: { readonly typists: TypistsRecord; readonly inputs: readonly OrderedInput[] }) {
    this.#end = applied;
    this.#applied = applied;
    this.#hasForgotten = applied > 0;
    if (earlier === undefined) return;
    const { typists, inputs } = earlier;
    const last = inputs.at(-1);
    // The machine has had more than was written down: some of it is nobody's.
    const isComplete = last === undefined ? applied === 0 || typists.received.length > 0 : endOf(last) >= applied;
    this.#hasForgotten = typists.hasForgotten || !isComplete;
    for (const [page, received] of typists.received) this.#typists.set(page, { received, applied: received });
    for (const input of inputs) this.#takeOver(input);
  }

  /** What has not been applied, in order: a machine that may not have it is to be sent it again. */
  get underWay(): readonly OrderedInput[] {
    return this.#underWay;
  }

  get record(): TypistsRecord {
    // What is under way is written down by itself, and counted again when it is read.
    const underWay = new Map<string, number>();
    for (const { page, bytes } of this.#underWay) {
      if (page !== null) underWay.set(page, (underWay.get(page) ?? 0) + bytes.length);
    }
    const received = [...this.#typists].map(
      ([page, typist]) => [page, typist.received - (underWay.get(page) ?? 0)] as const,
    );
    return { hasForgotten: this.#hasForgotten, received };
  }

  /** Input that the machine has applied, from whomever. */
  get applied(): number {
    return this.#applied;
  }

  /** In the page's own count. */
  appliedOf(page: string): number {
    return this.#typists.get(page)?.applied ?? 0;
  }

  /**
   * What of it is new, with its place; `undefined` when nothing is. `gap`: bytes before these never came. `overrun`:
   * more than a machine that reads nothing may be sent.
   */
  order(page: string, offset: number, bytes: Uint8Array): OrderedInput | 'gap' | 'overrun' | undefined {
    const typist = this.#typist(page, offset);
    if (offset > typist.received) return 'gap';
    const end = offset + bytes.length;
    if (end - typist.applied > INPUT_BUFFER_BYTES) return 'overrun';
    // What a page sends again is on its way already: repeated, it would pile up before a machine that reads nothing.
    if (end <= typist.received) return undefined;
    const fresh = bytes.subarray(typist.received - offset);
    typist.received = end;
    return this.#put({ offset: this.#end, bytes: fresh, page, pageEnd: end });
  }

  /** An answer; `undefined` when the program asks and asks and reads nothing. */
  answer(bytes: Uint8Array): OrderedInput | undefined {
    if (this.#end + bytes.length - this.#applied > INPUT_BUFFER_BYTES) return undefined;
    return this.#put({ offset: this.#end, bytes, page: null, pageEnd: 0 });
  }

  /** The pages whose input got further. */
  apply(offset: number): ReadonlySet<string> {
    const pages = new Set<string>();
    this.#applied = Math.max(this.#applied, offset);
    for (const input of this.#underWay) {
      if (input.offset >= this.#applied) break;
      if (input.page === null) continue;
      const typist = this.#typists.get(input.page);
      if (typist === undefined) continue;
      const unapplied = Math.max(0, endOf(input) - this.#applied);
      typist.applied = Math.max(typist.applied, input.pageEnd - unapplied);
      pages.add(input.page);
    }
    this.#underWay = this.#underWay.filter((input) => endOf(input) > this.#applied);
    return pages;
  }

  #put(input: OrderedInput): OrderedInput {
    this.#underWay.push(input);
    this.#end = endOf(input);
    return input;
  }

  #takeOver(input: OrderedInput): void {
    const unapplied = Math.min(input.bytes.length, Math.max(0, endOf(input) - this.#applied));
    if (input.page !== null) {
      this.#typists.set(input.page, { received: input.pageEnd, applied: input.pageEnd - unapplied });
    }
    if (unapplied === 0) return;
    const rest = input.bytes.subarray(input.bytes.length - unapplied);
    this.#put({ ...input, offset: endOf(input) - unapplied, bytes: rest });
  }

  #typist(page: string, offset: number): Typist {
    const begin = this.#hasForgotten ? offset : 0;
    const known = this.#typists.get(page) ?? { received: begin, applied: begin };
    // The one that typed last comes last: the first is forgotten first.
    this.#typists.delete(page);
    this.#typists.set(page, known);
    const [oldest] = this.#typists.keys();
    if (this.#typists.size > REMEMBERED_PAGES && oldest !== undefined) {
      this.#typists.delete(oldest);
      this.#hasForgotten = true;
    }
    return known;
  }
}

function endOf({ offset, bytes }: OrderedInput): number {
  return offset + bytes.length;
}
