import { type Config, sandboxesOn } from '../../sandbox-server/config.ts';
import { DrydockError } from '../../sandbox-server/errors.ts';
import { connectEngine, type Engine } from '../../sandbox-server/machines/docker/engine/connect-engine.ts';
import { type FoundEngine, findEngines } from '../../sandbox-server/machines/docker/engine/find-engine.ts';
import { type EngineFacts, requireLimits } from '../../sandbox-server/machines/docker/require-limits.ts';
import { type Finding, good, lack, note } from './finding.ts';
import { sayAtOnce } from './memory.ts';
import type { Surroundings } from './surroundings.ts';

/** The engines that machines would run on, as far as it can be told without starting one there. */
export async function examineEngines({ env, config }: Pick<Surroundings, 'env' | 'config'>): Promise<Finding[]> {
  const found = await findEngines(env).catch(lackOf);
  if (!Array.isArray(found)) return [found];
  const examined = await Promise.all(found.map(examineEngine));
  const hosts = examined.flatMap(({ facts }) => facts ?? []);
  return [...examined.flatMap(({ findings }) => findings), ...judgeLearners(hosts, config)];
}

interface Examined {
  readonly findings: Finding[];
  /** Undefined where it cannot be used. */
  readonly facts?: EngineFacts;
}

async function examineEngine(found: FoundEngine): Promise<Examined> {
  try {
    const engine = await connectEngine(found);
    const facts = await requireLimits(engine);
    return { findings: judgeEngine(engine, found.source, facts), facts };
  } catch (cause) {
    return { findings: [lackOf(cause)] };
  }
}

function judgeLearners(hosts: readonly EngineFacts[], config: Config): Finding[] {
  if (hosts.length === 0) return [];
  const there = hosts.length === 1 ? 'the memory and processors there' : `those of the ${hosts.length} engines`;
  return [good('learners', sayAtOnce(sandboxesOn(config, hosts), config.maxSandboxes === null ? there : null))];
}

function lackOf(cause: unknown): Finding {
  if (!(cause instanceof DrydockError)) throw cause;
  return lack('engine', firstSentence(cause.message), `${restOf(cause.message)} Code: ${cause.code}.`.trim());
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
