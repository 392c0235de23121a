import { UserError } from '../errors.ts'

/** The answer of one SDK call; what AWS or the network refused becomes a UserError 97 that names operation, AWS error and message. */
export async function call<T>(operation: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw cloudError(operation, cause)
  }
}

/** As `call`, but undefined for an error of one of the `expected` names. */
export async function callExpecting<T>(operation: string, expected: readonly string[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof Error && expected.includes(cause.name)) return undefined
    throw cloudError(operation, cause)
  }
}

function cloudError(operation: string, cause: unknown): UserError {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause))
  return new UserError(`the cloud refused ${operation}: ${name}: ${message}`, 97, { cause })
}
