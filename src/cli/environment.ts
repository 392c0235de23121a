const PREFIX = 'FLEETSIM_'

/**
 * What the environment says about these options: FLEETSIM_METRICS_PORT=9465 stands for --metrics-port 9465, which wins if it is given, too.
 * Other variables that begin like this may belong to scenarios and scripts: they are left alone, as are empty ones.
 */
export function environmentOptions(options: readonly string[], env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const found: Record<string, string> = {}
  for (const option of options) {
    const value = env[PREFIX + option.replaceAll('-', '_').toUpperCase()]
    if (value !== undefined && value !== '') found[option] = value
  }
  return found
}
