import type { TemplateDescription } from './template-files.ts';

/** Where things are inside the jail. */
export const INSIDE = { run: '/run/machine', image: '/image', template: '/template', draft: '/draft' } as const;

type Disk = { path: string; format: 'raw' | 'qcow2' };

/** The disk files a template consists of, each in a folder of its own. */
export function mountDisks(description: TemplateDescription): { readable: Record<string, string>; disks: Disk[] } {
  const readable: Record<string, string> = {};
  const disks = description.disks.map(({ folder, file, format }, index) => {
    readable[`/disk${index}`] = folder;
    return { path: `/disk${index}/${file}`, format };
  });
  return { readable, disks };
}
