/** One class for each audience; anything else that is thrown is a bug and ends the program loudly. */

export type ExitCode = 0 | 1 | 2 | 97 | 99 | 100 | 101 | 102 | 104 | 105 | 106

/** For the person at the terminal: a message of one line or more, and the exit code that goes with it. */
export class UserError extends Error {
  override name = 'UserError'
  readonly exitCode: ExitCode
  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** For an AWS client: `code` is AWS's exception name, `status` its HTTP status, `members` the modelled extras of the error shape. */
export class AwsError extends Error {
  override name = 'AwsError'
  readonly code: string
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>
  constructor(code: string, status: number, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.status = status
    this.members = members
  }
}
