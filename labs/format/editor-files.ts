/** Swap, lock and backup files of vim, Emacs and others: never part of a lab. */
export function isEditorsOwn(name: string): boolean {
  return /^\.#|^#.*#$|~$|\.sw[a-px]$|^4913$|\.(tmp|bak|orig)$|___jb_\w+___$|^\.DS_Store$/.test(name);
}
