/** What survey.pl says of lesson 4's machine when it is fresh, but for names that nobody there has. */
export const FRESH = [
  ['survey', '1', '188.67'],
  ['daemon', '260', '0', '6985', '0'],
  ['listens', '260', '1494', 'unix', '/run/docker.sock'],
  ['file', '/run/docker.sock', '0', '103', '140660', ''],
  ['login', '1000', '1000', '103 1000 '],
  ['login', '1001', '1001', '103 1001 '],
  ['login', '996', '996', '996 '],
  ['user', 'root', '0', '0'],
  ['user', 'alice', '1000', '1000'],
  ['user', 'olga', '1001', '1001'],
  ['group', 'root', '0', ''],
  ['group', 'docker', '103', 'alice,olga'],
  ['sudo', 'root ALL=(ALL:ALL) ALL'],
  ['sudo', '%sudo ALL=(ALL:ALL) ALL'],
  ['sudo', 'olga ALL=(ALL:ALL) NOPASSWD: ALL'],
  ['end', 'whole'],
] as const;

export type FactLine = readonly string[];

export const told = (facts: readonly FactLine[]): string => facts.map((fact) => `${fact.join('\t')}\n`).join('');

/** The fresh machine with some facts in another's place, and others besides. */
export function changed({
  without = [],
  and = [],
}: {
  without?: readonly string[];
  and?: readonly FactLine[];
}): readonly FactLine[] {
  const kept = (FRESH as readonly FactLine[]).filter(
    (fact) => !without.some((start) => fact.join(' ').startsWith(start)),
  );
  return [...kept.slice(0, -1), ...and, ['end', 'whole']];
}

/** Of the group docker only olga is left; alice's shell goes on. */
export const ALICE_REMOVED = changed({ without: ['group docker'], and: [['group', 'docker', '103', 'olga']] });

/** Over plain TCP, to everybody. */
export const PORT_OPEN = changed({
  and: [
    ['listens', '260', '1495', 'tcp', `${'0'.repeat(32)}:0947`],
    ['firewall', '0000000a'],
  ],
});
