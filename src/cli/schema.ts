import type { CommandModule } from 'yargs'

/** `fleetsim schema`: the JSON Schema of scenario files, for editors. */
export const schemaCommand: CommandModule = {
  command: 'schema',
  describe: 'Print the JSON Schema of scenario files',
  handler: async () => {
    const { scenarioJsonSchemaText } = await import('../scenario/json-schema.ts')
    process.stdout.write(scenarioJsonSchemaText())
  },
}
