import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A lab that is right, to be spoiled by tests. Texts are short because tests print them. */
export const GOOD_LAB = `image: debian-docker
title: { zh-cn: 试, en: Try }
machines:
  host:
    hostname: dock
    terminals: { alice: alice }
    secrets:
      root: { path: /root/secret.txt }
steps:
  look:
    kind: explore
    title: { zh-cn: 看, en: Look }
    instruction: { zh-cn: 看看, en: Look around. }
    checks:
      seen:
        kind: goal
        line: { zh-cn: 看过了, en: Seen }
        expected: { zh-cn: 有, en: There }
        messages:
          nothing:
            seen: { zh-cn: '没有 {what}', en: 'No {what}' }
            try: { zh-cn: 再看, en: Look again }
    solution:
      - alice: touch seen
    mutants:
      blind:
        lines:
          - alice: 'true'
        caughtBy: seen
        message: nothing
`;

/** Writes a labs folder with the lab "try" in it. */
export function writeLab(labsFolder: string, files: Readonly<Record<string, string>> = {}): string {
  const all = {
    'kit/10-answer.sh': 'fail() { echo "$@"; exit 1; }\n',
    'images/debian-docker/image.yaml': 'suite: trixie\n',
    'try/lab.yaml': GOOD_LAB,
    'try/setup.sh': 'true\n',
    'try/checks/seen.sh': '[[ -e /home/alice/seen ]] || fail nothing what=file\npass\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(labsFolder, path)), { recursive: true });
    writeFileSync(join(labsFolder, path), text);
  }
  return join(labsFolder, 'try');
}
