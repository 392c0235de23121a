import type { CommandModule } from 'yargs'
import { scenarioJsonSchemaText } from '../scenario/json-schema.ts'

/** `fleetsim schema`: the JSON Schema of scenario files, for editors. */
export const schemaCommand: CommandModule = {
  command: 'schema',
  describe: 'Print the JSON Schema of scenario files',
  handler: () => {
    process.stdout.write(scenarioJsonSchemaText())
  },
}
