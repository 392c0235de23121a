/**
 * AWS's managed templates, which every account has (developer guide, "Use AWS managed templates"): names, environments, handlers, parameters and the
 * shape of the documents are AWS's. Differs from AWS: the texts that describe templates and parameters are our own.
 */
export interface ManagedTemplate {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly environments: readonly string[]
  readonly parameters: readonly DocumentParameter[]
  /** Text of the job document, with `${aws:iot:parameter:name}` where parameters go. */
  readonly document: string
}

interface DocumentParameter {
  readonly key: string
  readonly description: string
  /** The whole value matches it. */
  readonly regex: string
  readonly example: string
  readonly optional: boolean
}

const VERSION = '1.0'
const ENVIRONMENTS = ['LINUX'] as const
const ANY = '(.*?)'

const runAsUser: DocumentParameter = {
  key: 'runAsUser',
  description: 'User that runs the action; the user of the device client if left out.',
  regex: '(.){0,256}',
  example: 'user1',
  optional: true,
}

const pathToHandler: DocumentParameter = {
  key: 'pathToHandler',
  description: 'Directory of the handler on the device; the one of the device client if left out.',
  regex: '(.){0,4096}',
  example: '/path/to/handler/script',
  optional: true,
}

const downloadUrl = required('downloadUrl', 'Where the file comes from.', 'http://www.example.com/index.html')
const filePath = required('filePath', 'Where the device stores the file.', '/path/to/file')
const packages = required('packages', 'Names of packages, with spaces between them.', 'nginx curl')
const services = required('services', 'Names of services, with spaces between them.', 'nginx ntp')
const command = required('command', 'Program and arguments, with commas between them.', 'systemctl,restart,nginx')

export const MANAGED_TEMPLATES: readonly ManagedTemplate[] = [
  handled('Download-File', 'Downloads a file.', 'download-file.sh', [downloadUrl, filePath]),
  handled('Install-Application', 'Installs one or more packages.', 'install-packages.sh', [packages]),
  handled('Reboot', 'Reboots the device.', 'reboot.sh', []),
  handled('Remove-Application', 'Removes one or more packages.', 'remove-packages.sh', [packages]),
  handled('Restart-Application', 'Restarts one or more services.', 'restart-services.sh', [services]),
  managed('Run-Command', 'Runs a command.', 'runCommand', [command, runAsUser], { command: placeholder(command) }),
  handled('Start-Application', 'Starts one or more services.', 'start-services.sh', [services]),
  handled('Stop-Application', 'Stops one or more services.', 'stop-services.sh', [services]),
]

/** The template of this name, in this version or the only one. */
export function managedTemplate(name: string, version = VERSION): ManagedTemplate | undefined {
  return MANAGED_TEMPLATES.find((template) => template.name === name && template.version === version)
}

/** Managed templates belong to no account. */
export function managedTemplateArn(region: string, { name, version }: ManagedTemplate): string {
  return `arn:aws:iot:${region}::jobtemplate/${name}:${version}`
}

/** A template whose action is a script on the device. */
function handled(action: string, description: string, handler: string, args: readonly DocumentParameter[]): ManagedTemplate {
  const input = { handler, ...(args.length > 0 && { args: args.map(placeholder) }), path: placeholder(pathToHandler) }
  return managed(action, description, 'runHandler', [...args, runAsUser, pathToHandler], input)
}

function managed(action: string, description: string, type: string, parameters: readonly DocumentParameter[], input: object): ManagedTemplate {
  const steps = [{ action: { name: action, type, input, runAsUser: placeholder(runAsUser) } }]
  const document = JSON.stringify({ version: VERSION, steps })
  return { name: `AWS-${action}`, version: VERSION, description, environments: ENVIRONMENTS, parameters, document }
}

function required(key: string, description: string, example: string): DocumentParameter {
  return { key, description, regex: ANY, example, optional: false }
}

function placeholder({ key }: DocumentParameter): string {
  return `\${aws:iot:parameter:${key}}`
}
