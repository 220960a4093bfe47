/** What the kernel does with a filter, for tests: classic BPF over struct seccomp_data. */

export interface SystemCall {
  readonly number: number;
  readonly arguments?: readonly (number | bigint)[];
  /** Default: AUDIT_ARCH_X86_64. */
  readonly architecture?: number;
}

export type Outcome = 'allowed' | 'killed' | { readonly errno: number };

const AUDIT_ARCH_X86_64 = 0xc000003e;
const INSTRUCTION_BYTES = 8;

/** Throws on an instruction or a jump that the kernel's checker would not load. */
export function evaluate(filter: Buffer, call: SystemCall): Outcome {
  const data = describe(call);
  let accumulator = 0;
  for (let at = 0; at * INSTRUCTION_BYTES < filter.length; at += 1) {
    const offset = at * INSTRUCTION_BYTES;
    const code = filter.readUInt16LE(offset);
    const k = filter.readUInt32LE(offset + 4);
    const jump = (taken: boolean) => {
      at += filter.readUInt8(offset + (taken ? 2 : 3));
    };
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x15) jump(accumulator === k);
    else if (code === 0x35) jump(accumulator >= k);
    else if (code === 0x06) return outcome(k);
    else throw new Error(`instruction ${at}: unknown code ${code}`);
  }
  throw new Error('ran past the end');
}

/** struct seccomp_data: number, architecture, instruction pointer, six arguments of 64 bits. */
function describe({ number, architecture = AUDIT_ARCH_X86_64, arguments: values = [] }: SystemCall): Buffer {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(architecture, 4);
  for (const [index, value] of values.entries())
    data.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), 16 + 8 * index);
  return data;
}

function outcome(k: number): Outcome {
  if (k === 0x7fff0000) return 'allowed';
  if (k === 0x80000000) return 'killed';
  if (k >>> 16 === 0x0005) return { errno: k & 0xffff };
  throw new Error(`unknown answer ${k.toString(16)}`);
}
