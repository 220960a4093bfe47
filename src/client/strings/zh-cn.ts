import { MAP_ZH_CN } from './map-zh-cn.ts';
import type { Strings } from './strings.ts';
import { troublesZhCn } from './troubles-zh-cn.ts';

/** 启动在等什么。 */
const LACKING = {
  places: '这台主机的机器都有人在用。',
  memory: '正在运行的机器占用了内存，剩下的不够再开一台。',
  disk: '这台主机的磁盘剩余空间不够再开一台机器，需要管理员清理。',
};

/** 一台机器，或者几台。 */
export function chinese(several: boolean): Strings {
  const of = (one: string, many: string) => (several ? many : one);
  const trouble = troublesZhCn(several);
  return {
    stage: {
      connecting: ['正在联系服务器', '通常不到一秒。'],
      away: ['暂时联系不上服务器', '页面会自己重试。已经取得的进度都在服务器上。'],
      refused: '无法继续',
      queued: ({ place, waiting, reason }) => [
        `排队中：第 ${place} 位`,
        `${LACKING[reason]}共 ${waiting} 人在等。轮到你时会自动启动，可以先往下读。`,
      ],
      starting: [
        '正在从模板分出你的机器',
        of(
          '模板是一台已经开好机、冻结在内存里的虚拟机。你得到它的一份写时复制的副本：不用开机，提示符已经在等你。',
          '每个模板都是一台已经开好机、冻结在内存里的虚拟机。你得到每一台的写时复制的副本：不用开机，提示符已经在等你。',
        ),
      ],
      slow: '比平时慢，仍在进行。机器好了会自动出现在这里。',
      ended: trouble.ended,
      fresh: of('换一台新机器', '换一组新机器'),
      retry: '立即重试',
      reload: '重新加载页面',
      kept: '机器仍在运行，没有丢失。',
      leaveQueue: '不等了',
    },
    trouble,
    notice: {
      lost: '连接断开了。如果只是网络问题，机器仍在运行，什么都不会丢。',
      retryIn: (seconds) => `${seconds} 秒后重连。`,
      retrying: '正在重连…',
      back: '已重新连上。',
      elsewhere: (lesson) => `这是第 ${lesson} 课的机器。`,
      goBack: (lesson) => `回到第 ${lesson} 课`,
      startThis: '启动本课的机器',
      tooFast: '机器还没跟上，这次输入没有发送。稍等再试。',
      pasteTooLarge: (kib, limitKib) => `粘贴的内容有 ${kib} KiB，一次最多 ${limitKib} KiB，没有发送。请分几次粘贴。`,
      loadFailed: '终端没能加载。请重新加载页面，你的机器仍在运行。',
      dismiss: '知道了',
    },
    bar: {
      terminals: '终端',
      timeLeft: (minutes, seconds) => `${minutes}:${String(seconds).padStart(2, '0')}`,
      timeLeftLabel: '剩余时间',
      extend: (minutes) => `+${minutes} 分钟`,
      reset: '重置',
      stop: '停止',
      ended: '已退出',
      lowTime: (minutes) => `机器还剩 ${minutes} 分钟，可以延长。`,
    },
    dialog: {
      resetTitle: of('换一台全新的机器？', '换一组全新的机器？'),
      resetText: '终端里的工作和改动会消失。已完成的步骤保留。',
      startHereTitle: (step) => `从第 ${step} 步开始？`,
      startHereText: of(
        '这台机器会换成一台新的，前面的步骤（选做的除外）都已在里面做好。自己没做的不算完成，已完成的步骤保留。',
        '这些机器会换成新的，前面的步骤（选做的除外）都已在里面做好。自己没做的不算完成，已完成的步骤保留。',
      ),
      stopTitle: of('停止这台机器？', '停止这些机器？'),
      stopText: '机器会立即销毁，里面的改动随之消失。已完成的步骤保留。',
      cancel: '取消',
    },
    terminal: {
      shellEnded: 'Shell 已结束。',
      loginAgain: '按 Enter 重新登录',
      shellEndedSpoken: (user) => `${user} 的 Shell 已结束，按 Enter 重新登录。`,
      label: (user, machine) => `${machine} 上 ${user} 的终端`,
      foreignSize: (cols, rows) => `${cols} × ${rows}：当前采用另一个窗口的大小。点击终端，即可改为适合本窗口的大小。`,
    },
    foot: {
      leave: '离开终端',
      copyPaste: '复制 / 粘贴',
      screenReader: '读屏模式',
      screenReaderOn: '读屏模式已开启',
    },
    touch: { command: '输入命令', send: '发送', keys: '按键' },
    step: {
      earned: '已完成',
      earnedLapsed: '已完成，但现在不再成立',
      prepared: of('这台机器上已替你做好', '这些机器上已替你做好'),
      startHere: '从这一步开始',
      preparing: (seconds) => `正在准备这一步的机器，通常约 ${seconds} 秒。`,
      goesOn: '在那之前，现在的机器照常可用。',
      hint: (next, total) => `提示 ${next}/${total}`,
      noMoreHints: '没有更多提示',
      expected: '应当',
      seen: '现在',
      try: '试试',
      tried: '试过',
      errored: '没能检查：问题在我们这边，会自动再试。',
      lapsed: '曾经成立，现在不成立了。',
      status: {
        pending: '尚未检查',
        running: '检查中',
        passed: '通过',
        failed: '未通过',
        lapsed: '不再成立',
        errored: '没能检查',
      },
      spokenEarned: (title) => `步骤完成：${title}`,
      spokenLine: (line, status) => `${status}：${line}`,
      run: '运行',
      copy: '复制',
    },
    map: MAP_ZH_CN,
    question: {
      right: '对。',
      wrong: '不对。',
      marking: '正在看你的机器…',
      errored: '这次没能核对你的回答，与对错无关。再试一次。',
    },
  };
}
