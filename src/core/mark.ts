/** First line of every HCL file that Drover writes; by it a file is known as one that may be written over. */
export function markOf(stack: string): string {
  return `# Rendered by drover from the stack ${stack}. Edit its stack file, not this one.\n`
}

/** The stack that a file was rendered from; undefined for a file that Drover did not write. */
export function renderedFrom(path: string, text: string): string | undefined {
  if (!path.endsWith('.json')) return /^# Rendered by drover from the stack (\S+)\. /.exec(text)?.[1]
  try {
    const file = JSON.parse(text)
    const stack: unknown = file?.Job?.Meta?.drover_stack ?? file?.service?.meta?.drover_stack
    return typeof stack === 'string' ? stack : undefined
  } catch {
    return undefined
  }
}
