import type { LabMessage } from '../../labs/format/lab.ts';
import type { Report } from '../../protocol/state.ts';
import { LOCALES, type Text } from '../../protocol/text.ts';
import type { Answer } from './answer.ts';

/** Puts evidence into a message: `{key}` becomes the value the script printed. */
export function renderReport(message: LabMessage, evidence: Answer['evidence']): Report {
  return {
    expected: fill(message.expected, evidence),
    seen: fill(message.seen, evidence),
    try: fill(message.try, evidence),
  };
}

/** A key without evidence is shown as an ellipsis: the sentence stays readable, and the lab's own test catches it. */
export function fill(text: Text, evidence: Answer['evidence']): Text {
  const filled = LOCALES.map((locale) => {
    const sentence = text[locale].replace(/\{([a-zA-Z][\w-]*)\}/g, (_all, key: string) =>
      Object.hasOwn(evidence, key) ? (evidence[key] ?? '…') : '…',
    );
    return [locale, sentence] as const;
  });
  return Object.fromEntries(filled) as Text;
}
