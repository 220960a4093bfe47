import { slope } from '../bench/statistics.ts';

/** What a server holds while no sandbox runs. */
export interface Holdings {
  /** Heap and buffers of the server after a forced collection, in bytes. */
  readonly memoryBytes: number;
  readonly descriptors: number;
  /** Below the server's state folder. */
  readonly files: number;
  /** Below the server, or with its state folder in their command line. */
  readonly processes: number;
}

export interface Sample extends Holdings {
  /** Sandboxes opened until then. */
  readonly sandboxes: number;
}

export interface Growth {
  readonly what: keyof Holdings;
  readonly perSandbox: number;
  readonly allowed: number;
  readonly grows: boolean;
}

/**
 * Most that may be left per sandbox, as the slope of a straight line through the samples. A forgotten descriptor, file
 * or process per sandbox has a slope of 1, a forgotten terminal 16 KiB and more; what remains is allocator noise.
 */
export const ALLOWED: Readonly<Record<keyof Holdings, number>> = {
  memoryBytes: 8 * 1024,
  descriptors: 0.05,
  files: 0.05,
  processes: 0.05,
};

/** The first part of the samples, in which caches fill and code is compiled, does not count. */
const WARM_UP_SHARE = 1 / 3;
const LEAST_SAMPLES = 4;

/** How everything grows with the number of sandboxes opened. Throws when there are too few samples to tell. */
export function judgeGrowth(samples: readonly Sample[]): Growth[] {
  const counted = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  if (counted.length < LEAST_SAMPLES) throw new RangeError(`Too few samples: ${samples.length}. Soak for longer.`);
  return (Object.keys(ALLOWED) as (keyof Holdings)[]).map((what) => {
    const perSandbox = slope(counted.map((sample) => [sample.sandboxes, sample[what]]));
    return { what, perSandbox, allowed: ALLOWED[what], grows: perSandbox > ALLOWED[what] };
  });
}
