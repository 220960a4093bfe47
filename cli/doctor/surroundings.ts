import { homedir, userInfo } from 'node:os';
import { type Config, findConfigProblems, readConfig } from '../../sandbox-server/config.ts';
import { type Paths, resolvePaths } from '../../sandbox-server/paths.ts';
import { type Platform, requirePlatform } from '../preflight/platform.mjs';

/** What every part of the examination is told. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: Platform;
  readonly user: { readonly name: string; readonly uid: number };
  readonly asRoot: boolean;
  readonly paths: Paths;
  /** What the settings say; the defaults where they say what is not allowed. */
  readonly config: Config;
  readonly configProblems: readonly string[];
}

export function lookAround(env: NodeJS.ProcessEnv): Surroundings {
  const { uid, name } = whoAmI();
  const configProblems = findConfigProblems(env);
  return {
    env,
    platform: requirePlatform(),
    user: { name, uid },
    asRoot: uid === 0,
    paths: resolvePaths(env, { uid, home: homedir() }),
    config: readConfig(configProblems.length > 0 ? {} : env),
    configProblems,
  };
}

/** A user id without a name is usual in containers. */
function whoAmI(): { uid: number; name: string } {
  const uid = process.getuid?.() ?? -1;
  try {
    return { uid, name: userInfo().username };
  } catch {
    return { uid, name: String(uid) };
  }
}
