import type { Impairment } from '../../../protocol/troubles.ts';
import type { TroubleStrings } from './troubles.ts';

const KEPT = '已完成的步骤还在。';

/** 一台机器，或者几台。 */
export function troublesZhCn(several: boolean): TroubleStrings {
  const of = (one: string, many: string) => (several ? many : one);
  return { ended: ended(of), impaired: told, recovered: '机器又可以用了。', obstacle: OBSTACLE };
}

type Of = (one: string, many: string) => string;

const ended = (of: Of): TroubleStrings['ended'] => ({
  expired: ['时间到，机器已收回', `机器里的东西没有了，${KEPT}`],
  stopped: ['机器已停止', of(`需要时再启动一台，${KEPT}`, `需要时再启动，${KEPT}`)],
  memory: [
    '服务器内存不足，机器已结束',
    of(`你的机器当时占用内存最多。${KEPT}点“重置”再来一台。`, `你的机器当时占用内存最多。${KEPT}点“重置”再来一组。`),
  ],
  failed: ['机器没能启动', '这是我们的问题，不是你的。再试一次；还不行，请告诉管理员。'],
  'shut-down': [
    of('机器从里面关掉了', '有一台机器从里面关掉了'),
    `例如运行了 poweroff。关掉的机器不能再开，只能换新的。${KEPT}`,
  ],
  restarted: [
    of('机器从里面重启了', '有一台机器从里面重启了'),
    `例如运行了 reboot。这里的机器都从冻结的内存里醒来，不能重新开机，所以这一台结束了。${KEPT}`,
  ],
  kernel: [of('机器的内核停了', '有一台机器的内核停了'), `内核崩溃了，或者没有关机就直接重启。${KEPT}`],
  agent: [
    of('机器的终端断了', '有一台机器的终端断了'),
    `机器里把终端接到本页的那个程序被结束或换掉了，或者机器停了机：谁也连不上它了。${KEPT}`,
  ],
  lost: [
    of('机器丢了', '有一台机器丢了'),
    `服务器上运行这台机器的程序结束了，或者卡住了。如果再次发生，请告诉管理员。${KEPT}`,
  ],
  server: ['服务器重启过', of(`这台机器没能保留下来。${KEPT}`, `这些机器没能保留下来。${KEPT}`)],
  crashed: ['机器已结束', `原因已经无从得知。${KEPT}`],
});

const OBSTACLE: TroubleStrings['obstacle'] = {
  silent: '没能检查：机器没有应答。',
  system: '无法检查：这台机器里已经启动不了程序。',
  processes: '没能检查：这台机器里启动不了新程序。',
  busy: '没能检查：机器忙不过来。',
  tool: '没能检查：检查要用的程序不见了。',
  full: '没能检查：这台机器没有空间可写。',
  'read-only': '没能检查：这台机器里什么都写不进去。',
};

function told(impairment: Impairment, machine: string | null): readonly [string, string] {
  const [title, text] = impaired(impairment);
  return [machine === null ? title : `${machine}：${title}`, `${text}${KEPT}`];
}

function impaired({ kind, what }: Impairment): readonly [string, string] {
  switch (kind) {
    case 'silent':
      return [
        '机器没有应答',
        '机器里连接终端的程序被停住了，或者机器忙得什么都轮不到运行。恢复之后一切会自动继续；一直不恢复，就点“重置”。',
      ];
    case 'system':
      return [
        '机器里的系统坏了',
        '程序启动不了：它们共同需要的文件不见了，或者谁都无权使用。步骤在这里无法检查。点“重置”换一台新机器。',
      ];
    case 'processes':
      return [
        '机器里启动不了新程序',
        '进程数或内存用完了。等其中一些程序结束，一切会自动继续；一直不恢复，就点“重置”。',
      ];
    case 'busy':
      return [
        '机器忙不过来',
        '连很小的程序都迟迟跑不完。占用它的程序结束之后，一切会自动继续；也可以停掉那些程序，或者点“重置”。',
      ];
    case 'tool':
      return [`机器里的 ${what} 程序不见了`, '检查要靠它，缺了它，有些检查看不出实情。把它放回去，或者点“重置”。'];
    case 'full':
      return [
        what === '/' ? '机器的磁盘写满了' : `${what} 写满了`,
        '那里再也写不进东西，程序出错时往往说不出真正的原因。删掉占满它的文件，或者点“重置”。',
      ];
    default:
      return [
        '机器的磁盘写不进去',
        '文件系统成了只读：有人这样设置，或者它出了故障。程序出错时往往说不出真正的原因。点“重置”换一台新机器。',
      ];
  }
}
