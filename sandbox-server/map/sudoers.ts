/** What sudo lets somebody do as root: everything, some docker command, or nothing that matters here. */
export type SudoPower = 'all' | 'docker' | 'none';

export interface SudoUser {
  readonly name: string;
  readonly uid: number;
  readonly groups: readonly string[];
}

/**
 * By the rules as they stand in sudoers, read and not asked for: `sudo -l` would write to the journal that learners read.
 * Aliases and negated users are not followed; labs that need them would have to be drawn otherwise.
 */
export function sudoPower(user: SudoUser, rules: readonly string[]): SudoPower {
  const powers = rules.map((rule) => powerOf(user, rule));
  return powers.includes('all') ? 'all' : powers.includes('docker') ? 'docker' : 'none';
}

function powerOf(user: SudoUser, rule: string): SudoPower {
  const at = rule.indexOf('=');
  if (at < 0 || /^\s*\w+_Alias\b/.test(rule)) return 'none';
  const names = rule.slice(0, at).trim().split(/\s+/).slice(0, -1).join('').split(',');
  if (!names.some((name) => isMeant(user, name))) return 'none';
  let asRoot = true;
  let power: SudoPower = 'none';
  for (const [, runAs, command = ''] of rule.slice(at + 1).matchAll(/\s*(?:\(([^)]*)\))?([^,]*)(?:,|$)/g)) {
    if (runAs !== undefined) asRoot = runsAsRoot(runAs);
    const plain = command.replace(/\b[A-Z_]+:(?!\w)/g, '').trim();
    if (!asRoot || plain.startsWith('!')) continue;
    if (plain === 'ALL') return 'all';
    if (/\bdocker\b/.test(plain)) power = 'docker';
  }
  return power;
}

function isMeant({ name, uid, groups }: SudoUser, meant: string): boolean {
  if (meant === 'ALL' || meant === name || meant === `#${uid}`) return true;
  return meant.startsWith('%') && groups.includes(meant.slice(1));
}

/** `(root)`, `(ALL:ALL)`; a group alone means the user one is. */
function runsAsRoot(runAs: string): boolean {
  const users = (runAs.split(':')[0] ?? '').split(',').map((name) => name.trim());
  return users.some((name) => name === 'root' || name === 'ALL' || name === '#0');
}
