import { formatProblem, type Problem } from '../scenario/problem.ts'

/** Problems on stderr, one a line, and as annotations where GitHub's runner reads them. Other commands print theirs with this, too. */
export function printProblems(problems: readonly Problem[]): void {
  for (const problem of problems) {
    console.error(formatProblem(problem))
    if (process.env['GITHUB_ACTIONS'] === 'true') console.error(annotation(problem))
  }
}

/** A workflow command: `%`, line breaks, and in properties `:` and `,`, are percent-encoded. */
function annotation({ file, line, col, path, expected, found }: Problem): string {
  const text = (value: string) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const property = (value: string) => text(value).replaceAll(':', '%3A').replaceAll(',', '%2C')
  const place = col === 0 ? '' : ` file=${property(file)},line=${line},col=${col}`
  return `::error${place}::${text(`${path || 'scenario'}: expected ${expected}, found ${found}`)}`
}
