import type { LearnerError } from '../protocol/server-messages.ts';

/**
 * Errors for whoever runs Drydock. A code is permanent: it may be searched for, so it is never renamed or reused.
 * docs/errors.md explains each one; a test compares the two.
 */
export const OPERATOR_ERRORS = {
  'config-invalid': 'a setting in the environment is not allowed',
  'port-taken': 'another program already listens on the chosen port',
  'address-unavailable': 'the server cannot listen on the chosen address',
  'store-unusable': 'the file that keeps attempts and progress cannot be opened or is of a newer version',
  'store-unwritable': 'what has to be kept could not be written: usually the disk is full',
  'state-in-use': 'another server keeps its store and machines in the same folder',
  'machine-ended': 'a machine ended while something was being done with it',
  'machine-busy': 'a machine did not answer in time: its one processor is busy, or its agent is gone',
  'script-refused': 'the agent of a machine could not start a script in it',
  'machine-start': 'a machine could not be started on this host',
  'terminal-missing': 'a machine has no terminal of the name its lab gives it',
  'driver-missing': 'the server was started without the part that makes real machines',
  'engine-address': 'it cannot be told which Docker Engine is meant',
  'engine-unreachable': 'the Docker Engine does not answer',
  'engine-forbidden': 'this user may not open the socket of the Docker Engine',
  'engine-refused': 'the Docker Engine and Drydock do not accept each other: plain text, TLS, certificates',
  'engine-too-old': 'the Docker Engine is older than what Drydock needs',
  'engine-no-space': 'the Docker Engine has no disk space left',
  'engine-image-missing':
    'the Docker Engine does not have the image that machines run in, and it cannot be brought there',
  'engine-limits': 'the Docker Engine cannot hold machines to their limits',
  'template-unknown': 'a template was asked for that this driver has not made',
} as const;
export type OperatorErrorCode = keyof typeof OPERATOR_ERRORS;

export class DrydockError extends Error {
  readonly code: OperatorErrorCode;

  constructor(code: OperatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DrydockError';
    this.code = code;
  }
}

/** A machine ended, for whatever reason, before what was asked of it was done. */
export class MachineEndedError extends DrydockError {
  constructor(machineId: string, cause: string) {
    super('machine-ended', `Machine ${machineId} ended (${cause}) before the script in it did. Fork a fresh one.`);
    this.name = 'MachineEndedError';
  }
}

/** The agent has not answered long after a script's deadline. Nothing is known of what the script found. */
export class MachineBusyError extends DrydockError {
  constructor(timeoutMs: number) {
    super('machine-busy', `A machine has not answered ${timeoutMs} ms after it should have. Ask again, or reset it.`);
    this.name = 'MachineBusyError';
  }
}

/** The agent could not start a script. `said` is what the guest says of it. */
export class ScriptRefusedError extends DrydockError {
  readonly said: string;

  constructor(said: string) {
    super('script-refused', `The machine refused a script: ${said}. If somebody broke it, reset it.`);
    this.name = 'ScriptRefusedError';
    this.said = said;
  }
}

/** What a learner may be shown, in both languages: no stack, no path, no word of a hypervisor. */
export const LEARNER_ERRORS = {
  'lab-unknown': {
    message: { 'zh-cn': '没有这个实验。', en: 'There is no such lab.' },
    hint: { 'zh-cn': '请从课程目录重新打开这一课。', en: 'Open the lesson again from the table of contents.' },
  },
  'start-failed': {
    message: { 'zh-cn': '你的机器没能启动。', en: 'Your machine could not be started.' },
    hint: {
      'zh-cn': '这不是你的问题。点“重置”再试一次；仍不行就告诉管理员。',
      en: 'This is not your fault. Choose Reset to try again; if it keeps failing, tell whoever runs this server.',
    },
  },
  'no-machine': {
    message: { 'zh-cn': '现在没有正在运行的机器。', en: 'No machine is running at the moment.' },
    hint: { 'zh-cn': '点“重置”得到一台新机器。', en: 'Choose Reset to get a fresh one.' },
  },
  'extend-maximum': {
    message: { 'zh-cn': '这台机器的时间已到上限。', en: 'This machine already has the longest time it may have.' },
    hint: {
      'zh-cn': '时间用完后点“重置”，你完成的步骤会保留。',
      en: 'When it runs out choose Reset; the steps you finished stay finished.',
    },
  },
  'reset-too-often': {
    message: { 'zh-cn': '重置得太频繁了。', en: 'That was too many resets in a short time.' },
    hint: { 'zh-cn': '等一分钟再试。', en: 'Wait a minute and try again.' },
  },
  'checkpoint-failed': {
    message: { 'zh-cn': '没能备好这一步的机器。', en: 'The machine for that step could not be prepared.' },
    hint: {
      'zh-cn': '这不是你的问题，其他一切都没有变。可以点“重置”，从头开始；也请告诉管理员。',
      en: 'This is not your fault, and nothing else has changed. Choose Reset to begin at the first step, and tell whoever runs this server.',
    },
  },
  'checkpoint-no-room': {
    message: {
      'zh-cn': '服务器现在没有余力备好这一步的机器。',
      en: 'The server has no room at the moment to prepare the machine for that step.',
    },
    hint: {
      'zh-cn': '其他一切都没有变。过几分钟再试，或者点“重置”，从头开始。',
      en: 'Nothing else has changed. Try again in a few minutes, or choose Reset to begin at the first step.',
    },
  },
  'step-unknown': {
    message: { 'zh-cn': '这个实验没有这一步。', en: 'This lab has no such step.' },
    hint: {
      'zh-cn': '课程可能刚更新过，请重新加载页面。',
      en: 'The lesson may have been updated: reload the page.',
    },
  },
  'question-unknown': {
    message: {
      'zh-cn': '这个实验没有这道题，或没有这个选项。',
      en: 'This lab has no such question, or no such choice.',
    },
    hint: {
      'zh-cn': '课程可能刚更新过，请重新加载页面。',
      en: 'The lesson may have been updated: reload the page.',
    },
  },
  'hint-unknown': {
    message: { 'zh-cn': '这一步没有更多提示了。', en: 'This step has no further hint.' },
    hint: { 'zh-cn': '可以看解法。', en: 'You can look at the solution.' },
  },
  'terminal-unknown': {
    message: { 'zh-cn': '这台机器没有这个终端。', en: 'This machine has no such terminal.' },
    hint: {
      'zh-cn': '课程可能刚更新过，请重新加载页面。',
      en: 'The lesson may have been updated: reload the page.',
    },
  },
  'too-many-tabs': {
    message: { 'zh-cn': '这个实验已在太多页面中打开。', en: 'This lab is open in too many pages.' },
    hint: { 'zh-cn': '关掉几个页面，再重新加载。', en: 'Close some of them, then reload this one.' },
  },
  'too-many-sandboxes': {
    message: {
      'zh-cn': '你同时打开的机器已到上限。',
      en: 'You already have as many machines as one learner may have.',
    },
    hint: {
      'zh-cn': '在另一课里停止那里的机器，再重新加载本页。',
      en: 'Stop the machine of another lesson, then reload this page.',
    },
  },
  'too-many-from-address': {
    message: {
      'zh-cn': '从你所在的网络打开的机器已到上限。',
      en: 'As many machines as your network may have are open already.',
    },
    hint: { 'zh-cn': '过一会儿再试，或告诉管理员。', en: 'Try again later, or tell whoever runs this server.' },
  },
  'foreign-origin': {
    message: { 'zh-cn': '请求不是从本站的页面发出的。', en: 'The request did not come from a page of this site.' },
    hint: {
      'zh-cn': '请用服务器启动时打印的地址打开本站。',
      en: 'Open the site at the address that the server printed when it started.',
    },
  },
  'bad-request': {
    message: { 'zh-cn': '服务器看不懂这个请求。', en: 'The server could not understand the request.' },
    hint: { 'zh-cn': '请重新加载页面。', en: 'Reload the page.' },
  },
  'too-many-requests': {
    message: { 'zh-cn': '请求太多了。', en: 'That was too many requests.' },
    hint: { 'zh-cn': '等一分钟再试。', en: 'Wait a minute and try again.' },
  },
  'cannot-keep': {
    message: {
      'zh-cn': '服务器暂时保存不了学习进度，所以开始不了新的机器。',
      en: 'The server cannot keep your progress at the moment, so nothing new can be started.',
    },
    hint: {
      'zh-cn': '这不是你的问题，已经在运行的机器不受影响。请告诉管理员，过一会儿再试。',
      en: 'This is not your fault, and machines that run go on. Tell whoever runs this server, and try again later.',
    },
  },
  internal: {
    message: { 'zh-cn': '服务器出错了。', en: 'The server had a fault.' },
    hint: { 'zh-cn': '请稍后重试。', en: 'Please try again in a moment.' },
  },
} as const satisfies Record<string, Omit<LearnerError, 'code'>>;
export type LearnerErrorCode = keyof typeof LEARNER_ERRORS;

export function learnerError(code: LearnerErrorCode): LearnerError {
  return { code, ...LEARNER_ERRORS[code] };
}

/** A learner asked for something that cannot be had. Not a fault: it is answered, not logged. */
export class Refusal extends Error {
  readonly code: LearnerErrorCode;

  constructor(code: LearnerErrorCode) {
    super(LEARNER_ERRORS[code].message.en);
    this.name = 'Refusal';
    this.code = code;
  }
}
