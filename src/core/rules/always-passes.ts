const SHELLS = /^(?:.*\/)?(?:sh|bash|ash|dash|zsh)$/

/** Commands that succeed whatever happens. */
const HARMLESS = /^(?:(?:\/usr)?(?:\/bin\/)?true|:|exit 0|(?:\/bin\/)?echo\b.*|(?:\/bin\/)?printf\b.*)$/

/**
 * How a check command succeeds whatever the service does; undefined when it may fail. Looks through `sh -c`,
 * and is careful: what it does not understand may fail.
 * @param words program and arguments
 */
export function alwaysPasses(words: readonly string[]): string | undefined {
  const script = shellScript(words)
  if (script !== undefined) return scriptPasses(script)
  const command = words.join(' ')
  return HARMLESS.test(command) && command !== 'exit 0' ? command : undefined
}

/** The script of `sh -c SCRIPT`; undefined for any other command. */
export function shellScript(words: readonly string[]): string | undefined {
  if (!SHELLS.test(words[0] ?? '')) return undefined
  const flag = words.findIndex((word, index) => index > 0 && /^-\w*c\w*$/.test(word))
  return flag === -1 ? undefined : words[flag + 1]
}

function scriptPasses(script: string): string | undefined {
  // Another way out: an exit with failure, or one at the first error.
  if (/\bexit\s+(?!0\b)|\breturn\b|\bset\s+-\w*e|\bkill\b/.test(script)) return undefined
  const [, joint, last] = /(?:^|(\|\||;|\n))\s*([^;|&\n]+?)\s*;?\s*$/.exec(script) ?? []
  if (last === undefined || !HARMLESS.test(last)) return undefined
  if (joint === undefined) return last
  return joint === '||' ? `|| ${last}` : `it ends in ${last}`
}
