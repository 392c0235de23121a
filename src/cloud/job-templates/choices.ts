/** Decisions on job templates where no source tells what AWS does. */

/** Templates in an account. */
export const MAX_TEMPLATES = 100

/** A parameter of a managed template that may be left out and is: its placeholder becomes empty text. */
export const ABSENT_PARAMETER = ''

/** A document or a documentSource beside a jobTemplateArn: the template's document would have to be dropped without a word. */
export const DOCUMENT_BESIDE_TEMPLATE = { name: 'InvalidRequestException', status: 400 } as const

/** ListManagedJobTemplates for a name that no managed template has; the model lists this error. */
export const UNKNOWN_MANAGED_TEMPLATE = { name: 'ResourceNotFoundException', status: 404 } as const
