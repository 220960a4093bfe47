import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userId } from '../cache-folder.mjs';
import { runCommand } from '../command.mjs';
import { Stop } from '../stop.mjs';

const JAIL_TRIAL = ['bwrap', '--unshare-all', '--ro-bind', '/', '/', 'true'];

/** Root's machines run as users of their own, so root's jail is tried as such a user ("nobody"). */
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'];

const PROFILE = join(dirname(fileURLToPath(import.meta.url)), 'apparmor-bwrap');

/** Whether the jail works here is only known by going in: several unrelated things can forbid it. */
export async function requireUserNamespaces() {
  const { status, output } = await runCommand(userId() === 0 ? [...AS_NOBODY, ...JAIL_TRIAL] : JAIL_TRIAL);
  if (status === 0) return;
  throw new Stop({
    what: `The jail for the virtual machines does not work here: ${output.trim().split('\n').pop() || 'no reason given'}`,
    ...explainRefusal(readHost()),
  });
}

/** @typedef {{ appArmorRestricts: boolean, kernelForbids: boolean, noneAllowed: boolean }} NamespaceSettings */

/** @returns {NamespaceSettings} */
export function readHost() {
  return {
    appArmorRestricts: readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1',
    kernelForbids: readSetting('/proc/sys/kernel/unprivileged_userns_clone') === '0',
    noneAllowed: readSetting('/proc/sys/user/max_user_namespaces') === '0',
  };
}

/**
 * @param {NamespaceSettings} host
 * @returns {{ why: string, fix: string }}
 */
export function explainRefusal({ appArmorRestricts, kernelForbids, noneAllowed }) {
  if (appArmorRestricts) {
    return {
      why: 'AppArmor lets only listed programs make user namespaces, and bubblewrap is not among them.',
      fix: `Add it to the list (this allows bubblewrap only), then run the same command again:\n  sudo install -m 644 '${PROFILE}' /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap`,
    };
  }
  if (kernelForbids || noneAllowed) {
    const setting = kernelForbids ? 'kernel.unprivileged_userns_clone' : 'user.max_user_namespaces';
    return {
      why: `This host is set up to forbid user namespaces (${setting} is 0).`,
      fix: 'Ask its administrator, or use another machine. Drydock does not run virtual machines outside a jail.',
    };
  }
  return {
    why: 'User namespaces are refused, as they are inside a chroot and in most containers.',
    fix: 'Run Drydock on the machine itself or in a virtual machine. Drydock does not run virtual machines outside a jail.',
  };
}

/** @param {string} path */
function readSetting(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
