import { invalidRequest, violated } from '../jobs/constraints.ts'
import { ABSENT_PARAMETER } from './choices.ts'
import type { ManagedTemplate } from './managed-templates.ts'

export type ParameterValues = Readonly<Record<string, string>>

const PLACEHOLDER = /\$\{aws:iot:parameter:([a-zA-Z0-9_-]+)\}/g

/** The job document of a managed template with its parameters filled in; InvalidRequestException when they are not the template's. */
export function documentWith(template: ManagedTemplate, values: ParameterValues): string {
  const unknown = Object.keys(values).filter((name) => !template.parameters.some(({ key }) => key === name))
  if (unknown.length > 0) throw invalidRequest(`Template ${template.name} has no document parameter ${unknown.join(', ')}`)
  for (const { key, regex, optional } of template.parameters) {
    const value = values[key]
    if (value === undefined && !optional) throw invalidRequest(`Template ${template.name} needs the document parameter ${key}`)
    if (value !== undefined && !new RegExp(`^(?:${regex})$`, 's').test(value))
      throw violated(`documentParameters.${key}`, value, `Member must satisfy regular expression pattern: ${regex}`)
  }
  // Placeholders stand inside JSON strings.
  return template.document.replace(PLACEHOLDER, (_, name) => JSON.stringify(values[name] ?? ABSENT_PARAMETER).slice(1, -1))
}
