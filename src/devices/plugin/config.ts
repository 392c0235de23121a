import { z } from 'zod'
import { commonConfig } from '../config.ts'

/** A device of a user's own module. What `config` may hold is the module's business: its schema checks it (scenario/check-plugins.ts). */
export const pluginConfig = z.strictObject({
  kind: z.literal('plugin').describe('A device of your own: a module that says what it does (docs/plugins.md).'),
  uses: z.string().min(1).describe('The module, a file relative to the scenario.'),
  ...commonConfig,
  config: z.record(z.string(), z.unknown()).default({}).describe('What the module takes; its own schema says what that is.'),
})
