/**
 * The first dotted number in a program's own words: `QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)` → 10.0.2.
 * @param {string} text
 * @returns {string | undefined}
 */
export function findVersion(text) {
  const match = /\d+(?:\.\d+)+/.exec(text);
  return match === null ? undefined : match[0];
}

/**
 * @param {string} version dotted numbers
 * @param {string} minimum dotted numbers; missing parts count as 0
 */
export function isAtLeast(version, minimum) {
  const have = version.split('.').map(Number);
  const want = minimum.split('.').map(Number);
  for (let i = 0; i < Math.max(have.length, want.length); i++) {
    const difference = (have[i] || 0) - (want[i] || 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
