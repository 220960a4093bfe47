import * as z from 'zod';
import { describeIssue } from './issue.ts';
import { LabFormatError } from './problem.ts';
import { YamlSource } from './source.ts';

export interface Parsed<T> {
  readonly value: T;
  readonly source: YamlSource;
}

/** The one door through which YAML that a person wrote comes in. Throws LabFormatError with all problems at once. */
export function parseWithFriendlyErrors<S extends z.ZodType>(
  schema: S,
  { file, text }: { file: string; text: string },
): Parsed<z.output<S>> {
  const source = new YamlSource(file, text);
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) throw new LabFormatError(syntax);
  const input: unknown = source.document.toJS();
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data, source };
  const shape = z.toJSONSchema(schema, { io: 'input' });
  const problems = result.error.issues.flatMap((issue) =>
    describeIssue(issue, { shape, input }).map(({ path, ...described }) => source.problem(path, described)),
  );
  throw new LabFormatError(problems.sort((a, b) => a.line - b.line || a.column - b.column));
}
