import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../testing/bpf-interpreter.ts';
import { assemble, type Condition, type Policy, type Rule, type Verdict } from './seccomp.ts';
import { SYSCALLS, type Syscall } from './syscalls.ts';

const CALLS = Object.keys(SYSCALLS) as Syscall[];
const named = (verdict: Verdict) =>
  verdict === 'allow' ? 'allowed' : verdict === 'kill' ? 'killed' : { errno: verdict };

/** What a policy means, said another way than the assembler says it. */
function meaning({ rules, otherwise }: Policy, call: Syscall, values: readonly bigint[]): Verdict {
  const holds = ({ argument, mask = 0xffffffff, value }: Condition) =>
    (BigInt.asUintN(32, values[argument] ?? 0n) & BigInt(mask)) === BigInt(value);
  return rules.find((rule) => rule.call === call && (rule.when ?? []).every(holds))?.verdict ?? otherwise;
}

const verdict = fc.oneof(fc.constant<Verdict>('allow'), fc.constant<Verdict>('kill'), fc.integer({ min: 1, max: 133 }));
const word = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 0xffffffff }));
const condition = fc
  .record(
    { argument: fc.constantFrom(0, 1, 2, 3, 4, 5), mask: word, value: word },
    { requiredKeys: ['argument', 'value'] },
  )
  .map((one) => one as Condition);
const call = fc.constantFrom(...CALLS.slice(0, 4), ...CALLS.slice(-4));
const rule = fc.record({ call, when: fc.array(condition, { maxLength: 3 }), verdict }).map((one): Rule => one);
const argumentsOfCall = fc.array(fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 64n - 1n)), {
  minLength: 6,
  maxLength: 6,
});

describe('a seccomp filter', () => {
  it('decides as its policy says, whatever the rules, the call and its arguments', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 12 }),
        verdict,
        call,
        argumentsOfCall,
        (rules, otherwise, asked, values) => {
          const policy = { rules, otherwise };
          const answer = evaluate(assemble(policy), { number: SYSCALLS[asked], arguments: values });
          assert.deepEqual(answer, named(meaning(policy, asked, values)));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('kills what calls by another architecture or by x32, even where everything is allowed', () => {
    const filter = assemble({ rules: [{ call: 'read', verdict: 'allow' }], otherwise: 'allow' });
    const AUDIT_ARCH_I386 = 0x40000003;
    assert.equal(evaluate(filter, { number: SYSCALLS.read }), 'allowed');
    assert.equal(evaluate(filter, { number: SYSCALLS.read, architecture: AUDIT_ARCH_I386 }), 'killed');
    assert.equal(evaluate(filter, { number: 0x40000000 | SYSCALLS.read }), 'killed');
    assert.equal(evaluate(filter, { number: 0xffffffff }), 'killed');
  });

  it('looks at the half of an argument that the kernel looks at', () => {
    const filter = assemble({
      rules: [{ call: 'ioctl', when: [{ argument: 1, value: 0x5412 }], verdict: 'kill' }],
      otherwise: 'allow',
    });
    const ioctl = (request: bigint) => evaluate(filter, { number: SYSCALLS.ioctl, arguments: [0, request] });
    assert.equal(ioctl(0x5412n), 'killed');
    assert.equal(ioctl(0x1_0000_5412n), 'killed');
    assert.equal(ioctl(0x5413n), 'allowed');
  });

  it('is refused where a jump would be too far to write down', () => {
    const when: Condition[] = Array.from({ length: 130 }, () => ({ argument: 0, value: 1 }));
    assert.throws(() => assemble({ rules: [{ call: 'read', when, verdict: 'allow' }], otherwise: 'kill' }), RangeError);
  });
});
