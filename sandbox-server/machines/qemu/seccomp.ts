import { SYSCALLS, type Syscall } from './syscalls.ts';

/** `kill` ends the whole process with SIGSYS; a number is the errno that the caller sees. */
export type Verdict = 'allow' | 'kill' | number;

/**
 * What an argument must be: `(argument & mask) === value`, of its lower 32 bits. The kernel takes every argument that
 * we ask about as 32 bits and ignores the rest, so comparing all 64 could be got round by setting the upper ones.
 */
export interface Condition {
  readonly argument: 0 | 1 | 2 | 3 | 4 | 5;
  /** Default: all 32 bits. */
  readonly mask?: number;
  readonly value: number;
}

/** The first rule of a system call whose conditions all hold decides. */
export interface Rule {
  readonly call: Syscall;
  readonly when?: readonly Condition[];
  readonly verdict: Verdict;
}

export interface Policy {
  readonly rules: readonly Rule[];
  /** For every call without a rule that fits. */
  readonly otherwise: Verdict;
}

/** Offsets in struct seccomp_data, include/uapi/linux/seccomp.h. */
const DATA = { number: 0, architecture: 4, arguments: 16 } as const;
const AUDIT_ARCH_X86_64 = 0xc000003e;
/** The x32 interface shares x86-64's architecture and marks its calls with this bit: same calls, other numbers. */
const X32_BIT = 0x40000000;

const LOAD = 0x20;
const AND = 0x54;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const RETURN = 0x06;

const KILL_PROCESS = 0x80000000;
const ERRNO = 0x00050000;
const ALLOW = 0x7fff0000;

interface Instruction {
  readonly code: number;
  readonly k: number;
  /** How many instructions to skip. */
  readonly ifTrue?: number;
  readonly ifFalse?: number;
}

/**
 * The filter as the kernel takes it (struct sock_filter, little-endian, 8 bytes each): classic BPF over
 * struct seccomp_data. Another architecture than x86-64, and x32, end the process.
 * https://docs.kernel.org/userspace-api/seccomp_filter.html
 */
export function assemble({ rules, otherwise }: Policy): Buffer {
  const calls = Map.groupBy(rules, ({ call }) => call);
  return encode([
    { code: LOAD, k: DATA.architecture },
    { code: JUMP_IF_EQUAL, k: AUDIT_ARCH_X86_64, ifTrue: 1 },
    answer('kill'),
    { code: LOAD, k: DATA.number },
    { code: JUMP_IF_AT_LEAST, k: X32_BIT, ifFalse: 1 },
    answer('kill'),
    ...[...calls].flatMap(([call, rules]) => decide(call, rules, otherwise)),
    answer(otherwise),
  ]);
}

/** Every path through it ends in an answer: it loads arguments over the number that the next call would look at. */
function decide(call: Syscall, rules: readonly Rule[], otherwise: Verdict): Instruction[] {
  const body = [...rules.flatMap(judge), answer(otherwise)];
  return [{ code: JUMP_IF_EQUAL, k: SYSCALLS[call], ifFalse: body.length }, ...body];
}

/** Falls through to what follows when a condition does not hold. */
function judge({ when = [], verdict }: Rule): Instruction[] {
  const tests = when.map(({ argument, mask, value }) => [
    { code: LOAD, k: DATA.arguments + 8 * argument },
    ...(mask === undefined ? [] : [{ code: AND, k: mask }]),
    { code: JUMP_IF_EQUAL, k: value },
  ]);
  const body: Instruction[] = [...tests.flat(), answer(verdict)];
  return body.map((one, index) => (one.code === JUMP_IF_EQUAL ? { ...one, ifFalse: body.length - 1 - index } : one));
}

function answer(verdict: Verdict): Instruction {
  if (verdict === 'allow') return { code: RETURN, k: ALLOW };
  return { code: RETURN, k: verdict === 'kill' ? KILL_PROCESS : ERRNO | verdict };
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, k, ifTrue = 0, ifFalse = 0 }] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    // Throws where a jump is too far for its one byte.
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  }
  return bytes;
}
