import { DrydockError } from '../../sandbox-server/errors.ts';
import { connectEngine, type Engine } from '../../sandbox-server/machines/docker/engine/connect-engine.ts';
import { findEngine } from '../../sandbox-server/machines/docker/engine/find-engine.ts';
import { type EngineFacts, requireLimits } from '../../sandbox-server/machines/docker/require-limits.ts';
import { type Finding, good, lack, note } from './finding.ts';

/** The engine that machines would run on, as far as it can be told without starting one there. */
export async function examineEngine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const found = await findEngine(env);
    const engine = await connectEngine(found);
    return judgeEngine(engine, found.source, await requireLimits(engine));
  } catch (cause) {
    if (!(cause instanceof DrydockError)) throw cause;
    return [lack('engine', firstSentence(cause.message), `${restOf(cause.message)} Code: ${cause.code}.`.trim())];
  }
}

export function judgeEngine(
  { address, version }: Pick<Engine, 'address' | 'version'>,
  source: string,
  { processors, memoryBytes, cgroupVersion, mapsUsers, isRootless, kernel }: EngineFacts,
): Finding[] {
  const size = `${processors} processors, ${Math.round(memoryBytes / 1024 ** 3)} GiB, Linux ${kernel}`;
  return [
    good('engine', `Docker ${version} at ${address} (${source}): ${size}`),
    good('limits', `memory, processes and processors of a machine are held, by cgroup v${cgroupVersion}`),
    ...(isRootless
      ? [good('rights', 'the engine is rootless: what breaks out of a machine is no user of its host')]
      : []),
    ...(mapsUsers
      ? []
      : [
          note(
            'rights',
            'the engine is root on its host. Each machine is a user of its own there, without capabilities.',
          ),
        ]),
  ];
}

/** Messages of ours say what happened, and then what to do. */
const END_OF_SENTENCE = /(?<=[.!])\s+(?=[A-Z])/;
const firstSentence = (message: string): string => message.split(END_OF_SENTENCE)[0] ?? message;
const restOf = (message: string): string => message.split(END_OF_SENTENCE).slice(1).join(' ');
